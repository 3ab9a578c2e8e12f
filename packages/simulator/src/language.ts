/** Guesses the language of a short text from its commonest words, or from its script. */
import { fold } from './text.ts'

const common: Record<string, string> = {
  en: `the a an is are was my your i you we it to of and for in on not have has do does can will would with this that what how when where from please`,
  de: `der die das ein eine ist sind war mein meine meiner ich sie wir es zu und fur im nicht habe hat kann wird mit was wie wann wo von bitte den dem auf noch kein mir mich`,
  fr: `le la les un une est sont mon ma mes je vous nous il et pour dans pas ai avez peut avec ce cette que quoi comment quand ou de du des sur bonjour merci quel quelle`,
  es: `el la los las un una es son mi mis yo usted nosotros y para en no he ha puedo puede con este esta que como cuando donde de del por hola gracias quiero cual`,
  it: `il lo la gli le un una sono mio mia miei io voi noi e per in non ho ha posso puo con questo questa che come quando dove di del della buongiorno grazie vorrei sul mi`,
  nl: `de het een is zijn was mijn ik u jij wij en voor in niet heb heeft kan wordt met dit dat wat hoe wanneer waar van graag mij op nog geen naar`,
  pt: `o a os as um uma e sao meu minha meus eu voce nos para em nao tenho tem posso pode com este esta que como quando onde de do da por ola obrigado quero meus no na`,
}
const lexicons = Object.entries(common).map(([language, list]) => ({ language, known: new Set(list.split(/\s+/)) }))

const scripts: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Cyrillic}/u, 'ru'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Devanagari}/u, 'hi'],
]
const letters: readonly (readonly [RegExp, string])[] = [
  [/[ßäöü]/i, 'de'],
  [/[ñ¿¡]/i, 'es'],
  [/[ãõ]/i, 'pt'],
  [/[çœêîû]/i, 'fr'],
]

/** BCP 47 primary tag; `fallback` where nothing tells. */
export function detectLanguage(text: string, fallback = 'en'): string {
  const script = scripts.find(([pattern]) => pattern.test(text))
  if (script !== undefined) return script[1]
  const all = fold(text).match(/\p{L}+/gu) ?? []
  const scores = lexicons.map(({ language, known }) => ({
    language,
    score:
      all.filter((word) => known.has(word)).reduce((sum, word) => sum + (word.length === 1 ? 0.5 : 1), 0) +
      letters.filter(([pattern, of]) => of === language && pattern.test(text)).length * 0.75,
  }))
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a))
  const preferred = scores.find((entry) => entry.language === fallback)
  return best.score < 1 || preferred?.score === best.score ? fallback : best.language
}
