/** A file of requests: JSON lines with `text` and, optionally, the fields below; others are kept as metadata. */
import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Fault, Request } from '@concord/contracts'

const known = [
  'requestId',
  'customerId',
  'conversationId',
  'text',
  'channel',
  'locale',
  'accessGroups',
  'priority',
  'history',
  'deadline',
  'metadata',
]

/** @throws Fault `invalid_input` that names the file, the line and what is wrong with it. */
export async function readRequestFile(file: string, tenantId: string, limit = Infinity): Promise<Request[]> {
  const lines = (await read(file)).split('\n').map((text, index) => ({ text, place: `${file}:${index + 1}` }))
  const filled = lines.filter(({ text }) => text.trim() !== '')
  if (filled.length === 0) throw new Fault('invalid_input', `${file} holds no request.`, { mend: oneALine })
  return filled.slice(0, limit).map(({ text, place }) => parseRequest(parseLine(text, place), tenantId, place))
}

const oneALine = 'Write one object a line, such as {"text": "Where is my parcel?"}.'

async function read(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Fault('invalid_input', `${file} cannot be read.`, { mend: 'Name a file of JSON lines, each with a text.', cause })
  })
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\uFEFF/, '')
  throw new Fault('invalid_input', `${file}:${brokenLine(bytes)} is not valid UTF-8.`, { mend: 'Save the file as UTF-8.' })
}

/** UTF-8 never uses the byte of a line's end for anything else, so each line can be looked at by itself. */
function brokenLine(bytes: Buffer): number {
  let line = 1
  for (let start = 0; start <= bytes.length; line++) {
    const end = bytes.indexOf('\n', start)
    if (!isUtf8(bytes.subarray(start, end < 0 ? bytes.length : end)) || end < 0) break
    start = end + 1
  }
  return line
}

function parseLine(line: string, place: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // told below, with the same words as for a line that is no object
  }
  throw new Fault('invalid_input', `${place} is no JSON object.`, { mend: oneALine })
}

/** Builds a request from loose fields; a missing id is made up. */
export function parseRequest(fields: Record<string, unknown>, tenantId: string, place: string): Request {
  const { metadata, ...given } = Object.fromEntries(Object.entries(fields).filter(([name]) => known.includes(name)))
  const rest = Object.entries(fields).filter(([name]) => !known.includes(name))
  const told = rest.filter(([, value]) => value !== null && value !== undefined)
  const extra = Object.fromEntries(told.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]))
  const parsed = Request.safeParse({
    requestId: randomUUID(),
    ...given,
    tenantId,
    metadata: { ...(metadata as object | undefined), ...extra },
  })
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(problem).join('; ')
  throw new Fault('invalid_input', `${place} is no valid request: ${problems}.`, { mend: 'Mend these fields and send it again.' })
}

const problem = ({ path, message }: { path: PropertyKey[]; message: string }): string =>
  `${path.join('.') || 'request'}: ${message.endsWith('received undefined') ? 'it is missing' : message}`
