/** Finds the tagged sections of a prompt, `<name>text or JSON</name>`, at the outermost level only: tags inside a section are its text. */
import { cached } from './cache.ts'

/** An element of a JSON section. */
export interface Item {
  id: string
  /** Name of the section it stands in. */
  section: string
  fields: Readonly<Record<string, unknown>>
}

export interface Section {
  name: string
  text: string
  /** The parsed array or object; undefined in a section of plain text. */
  json: unknown
  items: readonly Item[]
}

const openAtLineStart = /^[ \t]*<([a-z][\w-]*)>/gim
const openAnywhere = /<([a-z][\w-]*)>/gi

/** Sections in their order; of several with one name the last counts, and one that starts a line counts before one within prose. */
export function findSections(text: string): Section[] {
  const found = new Map<string, string>()
  const rest = scan(text, openAtLineStart, (name, body) => found.set(name, body))
  scan(rest, openAnywhere, (name, body) => found.has(name) || found.set(name, body))
  return [...found].map(([name, body]) => toSection(name, body))
}

/** Calls `take` for each section that `open` starts, and returns the text outside of them. */
function scan(text: string, open: RegExp, take: (name: string, body: string) => void): string {
  const pattern = new RegExp(open)
  let rest = ''
  let from = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const name = match[1]!
    const start = match.index + match[0].length
    const end = text.indexOf(`</${name}>`, start)
    if (end === -1) continue
    take(name.toLowerCase(), text.slice(start, end).trim())
    rest += text.slice(from, match.index)
    from = end + name.length + 3
    pattern.lastIndex = from
  }
  return rest + text.slice(from)
}

/** What stands in no section. */
export function outsideSections(text: string): string {
  return scan(
    scan(text, openAtLineStart, () => {}),
    openAnywhere,
    () => {},
  ).trim()
}

const parse = cached(256, (body: string): { json: unknown } => {
  if (!/^[[{]/.test(body)) return { json: undefined }
  try {
    return { json: JSON.parse(body) }
  } catch {
    return { json: undefined }
  }
})

function toSection(name: string, text: string): Section {
  const { json } = parse(text)
  return { name, text, json, items: toItems(json, name) }
}

function toItems(json: unknown, section: string): Item[] {
  if (!Array.isArray(json)) return []
  return json.flatMap((element: unknown, at) => {
    if (typeof element === 'string') return [{ id: element, section, fields: { text: element } }]
    if (!isRecord(element)) return []
    const id = element['id'] ?? element['name'] ?? element['key']
    return [{ id: typeof id === 'string' || typeof id === 'number' ? `${id}` : `${at}`, section, fields: element }]
  })
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A string field, or a list of strings, as strings. */
export function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((element) => typeof element === 'string') : []
}
