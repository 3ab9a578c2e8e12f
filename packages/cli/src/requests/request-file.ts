/** A file of requests: JSON lines with `text` and, optionally, the fields below; others are kept as metadata. */
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
  const lines = (await read(file)).split('\n').filter((line) => line.trim() !== '')
  return lines
    .slice(0, limit)
    .map((line, index) => parseRequest(parseLine(line, `${file}:${index + 1}`), tenantId, `${file}:${index + 1}`))
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Fault('invalid_input', `${file} cannot be read.`, { mend: 'Name a file of JSON lines, each with a text.', cause })
  }
}

function parseLine(line: string, place: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // told below, with the same words as for a line that is no object
  }
  throw new Fault('invalid_input', `${place} is no JSON object.`, {
    mend: 'Write one object a line, such as {"text": "Where is my parcel?"}.',
  })
}

/** Builds a request from loose fields; a missing id is made up. */
export function parseRequest(fields: Record<string, unknown>, tenantId: string, place: string): Request {
  const { metadata, ...given } = Object.fromEntries(Object.entries(fields).filter(([name]) => known.includes(name)))
  const rest = Object.entries(fields).filter(([name]) => !known.includes(name))
  const extra = Object.fromEntries(rest.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]))
  const parsed = Request.safeParse({
    requestId: randomUUID(),
    ...given,
    tenantId,
    metadata: { ...(metadata as object | undefined), ...extra },
  })
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`).join('; ')
  throw new Fault('invalid_input', `${place} is no valid request: ${problems}.`, { mend: 'Mend these fields and send it again.' })
}
