/** A prompt as the skills see it: its sections, the message to be answered, and what was said before. */
import { findSections, isRecord, outsideSections, type Section } from './sections.ts'

export interface ChatMessage {
  role: string
  content: string
}

export interface Prompt {
  /** All that was sent, for matching faults. */
  text: string
  sections: readonly Section[]
  message: string
  /** Earlier turns of the one who writes, oldest first. */
  earlier: readonly string[]
  /** Words that tell what the message is about, from sections that describe one thing. */
  hint: string
  /** BCP 47 primary tag, where a section states it. */
  language: string | null
}

const messageNames = ['message', 'question', 'request', 'query', 'text', 'input', 'utterance', 'email', 'ticket']
const settingNames = new Set([
  'language',
  'locale',
  'date',
  'today',
  'now',
  'time',
  'tone',
  'instructions',
  'rules',
  'format',
  'channel',
])
const earlierNames = new Set(['history', 'conversation', 'earlier', 'turns'])
const answererRoles = new Set(['agent', 'assistant', 'system', 'bot'])

export function readPrompt(messages: readonly ChatMessage[]): Prompt {
  const asked = messages.filter((message) => message.role !== 'assistant')
  const text = asked.map((message) => message.content).join('\n\n')
  const sections = findSections(text)
  const bare = asked.filter((message) => message.role === 'user').map((message) => outsideSections(message.content))
  return {
    text,
    sections,
    message: findMessage(sections) ?? bare.findLast((part) => part !== '') ?? '',
    earlier: sections.flatMap(earlierTurns),
    hint: sections.flatMap(described).join(' '),
    language: statedLanguage(sections),
  }
}

function findMessage(sections: readonly Section[]): string | undefined {
  const named = messageNames.map((name) => sections.find((section) => section.name.split(/[_-]/).includes(name)))
  const section =
    named.find((candidate) => candidate !== undefined) ??
    sections.find(
      (candidate) => candidate.json === undefined && !settingNames.has(candidate.name) && !earlierNames.has(candidate.name),
    )
  if (section === undefined) return undefined
  if (!isRecord(section.json)) return section.text
  const text = section.json['text'] ?? section.json['message']
  return typeof text === 'string' ? text : section.text
}

function earlierTurns(section: Section): string[] {
  if (!earlierNames.has(section.name)) return []
  if (!Array.isArray(section.json)) return section.text === '' ? [] : [section.text]
  return section.json.flatMap((turn: unknown) => {
    if (typeof turn === 'string') return [turn]
    if (!isRecord(turn) || answererRoles.has(String(turn['role'] ?? turn['from'] ?? turn['author']))) return []
    const text = turn['text'] ?? turn['content']
    return typeof text === 'string' ? [text] : []
  })
}

/** Title and description of a section that is one JSON object. */
function described(section: Section): string[] {
  if (!isRecord(section.json)) return []
  return [section.json['title'], section.json['description']].filter((value) => typeof value === 'string')
}

function statedLanguage(sections: readonly Section[]): string | null {
  const stated = sections.find((section) => section.name === 'language' || section.name === 'locale')?.text.replaceAll('"', '')
  return stated !== undefined && /^[a-z]{2,3}([-_]|$)/i.test(stated)
    ? stated.slice(0, stated.search(/[-_]|$/)).toLowerCase()
    : null
}
