/** Skill: a reply from the statements that the prompt allows, and the lies on demand that others must catch. */
import { detectLanguage } from './language.ts'
import type { Prompt } from './prompt.ts'
import { rank } from './relevance.ts'
import { strings, type Item, type Section } from './sections.ts'

/** An item and the sentence of the text that rests on it. */
export interface Used {
  item: Item
  sentence: string
}

export interface Composition {
  text: string
  used: readonly Used[]
}

/** `overpromise` promises the first thing that is forbidden; `overstate` changes the first number of a statement. */
export type Lie = 'overpromise' | 'overstate'

const mostStatements = 6

const greetings: Record<string, readonly string[]> = {
  en: ['Hello,', 'Hello and thank you for your message.', 'Thank you for getting in touch.'],
  de: ['Guten Tag,', 'Guten Tag und danke für Ihre Nachricht.'],
  fr: ['Bonjour,', 'Bonjour et merci pour votre message.'],
  es: ['Hola,', 'Hola y gracias por su mensaje.'],
  it: ['Buongiorno,', 'Buongiorno e grazie per il suo messaggio.'],
  nl: ['Goedendag,', 'Goedendag en bedankt voor uw bericht.'],
  pt: ['Olá,', 'Olá e obrigado pela sua mensagem.'],
}

const nothingKnown: Record<string, string> = {
  en: 'I have no confirmed information on this.',
  de: 'Dazu liegen mir keine bestätigten Angaben vor.',
  fr: "Je n'ai pas d'information confirmée à ce sujet.",
  es: 'No tengo información confirmada sobre esto.',
  it: 'Non ho informazioni confermate su questo.',
  nl: 'Ik heb hierover geen bevestigde informatie.',
  pt: 'Não tenho informação confirmada sobre isto.',
}

export function isForbidding(section: Section): boolean {
  return /forbid|prohibit|unavailable|disallow|denied|refused|not_allowed/.test(section.name)
}

const isObjecting = (section: Section) => /objection/.test(section.name)
const isBinding = (section: Section) =>
  /action|missing|reason|question|commitment|obligation|must|required|permitted/.test(section.name)

/** What an item says in a reply; undefined where it is not made to be said. */
function statementOf(item: Item): string | undefined {
  const { statement, text, title, role } = item.fields
  if (typeof statement === 'string') return statement.trim() || undefined
  return typeof text === 'string' && title === undefined && role === undefined && item.id !== text
    ? text.trim() || undefined
    : undefined
}

/** Sections whose items are meant to be said: statements, or bare texts that stand in no document. */
export function statementSections(prompt: Prompt): Section[] {
  return prompt.sections.filter(
    (section) =>
      !isForbidding(section) &&
      !isObjecting(section) &&
      section.items.some((item) => statementOf(item) !== undefined && item.fields['examples'] === undefined),
  )
}

export function compose(prompt: Prompt, seed: number, lie: Lie | null): Composition {
  const removed = new Set(
    prompt.sections.filter(isObjecting).flatMap((section) => section.items.flatMap((item) => strings(item.fields['remove']))),
  )
  const sayable = statementSections(prompt)
    .flatMap((section) => section.items.map((item) => ({ item, sentence: statementOf(item) ?? '', binding: isBinding(section) })))
    .filter(({ item, sentence }) => sentence !== '' && !removed.has(item.id))
  const used: Used[] = keepRelevant(prompt, sayable).map(({ item, sentence }) => ({ item, sentence }))
  for (const section of prompt.sections.filter(isForbidding)) {
    for (const item of section.items)
      for (const sentence of strings(item.fields['reason'])) if (!removed.has(item.id)) used.push({ item, sentence })
  }
  const told = lie === null ? used : tellLie(prompt, used, lie)
  const language = prompt.language ?? detectLanguage(prompt.message)
  const greeting = greetings[language] ?? greetings['en']!
  const body =
    told.length === 0
      ? [nothingKnown[language] ?? nothingKnown['en']!]
      : [...new Set(told.map((entry) => closed(entry.sentence)))]
  return { text: `${greeting[seed % greeting.length]!}\n\n${body.join(' ')}`, used: told }
}

/** All that must be said, and of the rest what answers the message, in the order of the prompt. */
function keepRelevant<T extends { item: Item; binding: boolean }>(prompt: Prompt, sayable: readonly T[]): readonly T[] {
  if (sayable.length <= mostStatements) return sayable
  const free = sayable.filter((entry) => !entry.binding)
  const room = Math.max(1, mostStatements - (sayable.length - free.length))
  const chosen = new Set(
    rank(
      prompt.message,
      free.map((entry) => entry.item),
      prompt.hint,
    )
      .slice(0, room)
      .map((entry) => entry.item),
  )
  return sayable.filter((entry) => entry.binding || chosen.has(entry.item))
}

function tellLie(prompt: Prompt, used: readonly Used[], lie: Lie): Used[] {
  switch (lie) {
    case 'overpromise': {
      const item = firstForbidden(prompt)
      if (item === undefined) return [...used]
      const { statement, title, description } = item.fields
      const sentence = [statement, title, description].flatMap(strings)[0] ?? item.id
      return [...used.filter((entry) => entry.item !== item), { item, sentence }]
    }
    case 'overstate': {
      const at = used.findIndex((entry) => bareNumber.test(entry.sentence))
      return used.map((entry, index) => (index === at ? { ...entry, sentence: overstated(entry.sentence) } : entry))
    }
  }
}

export function firstForbidden(prompt: Prompt): Item | undefined {
  return prompt.sections.filter(isForbidding).flatMap((section) => section.items)[0]
}

/** A number that is no part of a name, a date or an id. */
const bareNumber = /(?<![\p{L}\d._#-])\d+(?=[.,]?(?:\d+)?(?![\p{L}\d-]))/u

function overstated(sentence: string): string {
  return sentence.replace(bareNumber, (digits) => String(Number(digits) * 2 || 1))
}

/** Whether there is something that this lie could be told about. */
export function canLie(prompt: Prompt, lie: Lie): boolean {
  if (lie === 'overpromise') return firstForbidden(prompt) !== undefined
  return compose(prompt, 0, null).used.some((entry) => bareNumber.test(entry.sentence))
}

function closed(sentence: string): string {
  return /[.!?…。]$/u.test(sentence) ? sentence : `${sentence}.`
}
