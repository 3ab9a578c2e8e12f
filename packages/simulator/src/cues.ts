/** Skill: enums and booleans that no section explains, by what people commonly write. */
import { contentStems, stem, words } from './text.ts'

const urgent =
  /\b(urgent(ly)?|asap|a\.s\.a\.p|immediate(ly)?|right (now|away)|emergency|at once|dringend|sofort|urgente?|inmediatamente|subito|spoed)\b|!{3,}/iu
const relaxed = /\b(no (hurry|rush)|whenever|not urgent|when you (have|get) (a moment|time))\b/iu

const levels = {
  high: ['urgent', 'critical', 'high', 'immediate', 'hoch'],
  low: ['low', 'minor', 'niedrig'],
  middle: ['normal', 'medium', 'standard', 'default', 'moderate'],
}

/** The value of a scale such as low, normal, high that the message's tone asks for; undefined where the values are no such scale. */
export function urgencyOf(message: string, values: readonly string[]): string | undefined {
  const pick = (names: readonly string[]) =>
    names.map((name) => values.find((value) => value.toLowerCase() === name)).find((value) => value)
  if (relaxed.test(message)) return pick(levels.low) ?? pick(levels.middle)
  if (urgent.test(message)) return pick(levels.high) ?? pick(levels.middle)
  return pick(levels.middle) ?? pick(levels.low)
}

/** The value whose words occur most in the message; undefined where none does. */
export function likelyValue(message: string, values: readonly string[]): string | undefined {
  const said = new Set(words(message).map(stem))
  const scored = values.map((value) => ({ value, score: nameWords(value).filter((word) => said.has(word)).length }))
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a), { value: '', score: 0 })
  return best.score > 0 ? best.value : undefined
}

/** Whether the message says all that the property's name says: `wantsRenewal` in "a renewal, please". */
export function isCued(message: string, property: string): boolean {
  const said = new Set(contentStems(message))
  const asked = nameWords(property).filter((word) => !/^(is|has|want|need|wish|ask|request|for|a|the)$/.test(word))
  return asked.length > 0 && asked.every((word) => said.has(word))
}

/** Stems of the words in a name: `riskFlags` and `risk_flags` are risk, flag. */
export function nameWords(name: string): string[] {
  return words(name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/[_-]/g, ' ')).map(stem)
}
