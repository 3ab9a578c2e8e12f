/** Stated facts use predicates of the vocabulary, with values of the predicate's kind. */
import type { ClaimValue } from '@concord/contracts'
import type { DomainParts } from './domain.ts'
import type { Problems } from './problems.ts'

interface Fact {
  predicate: string
  value: ClaimValue
}

export function checkArticles(parts: DomainParts, problems: Problems): void {
  for (const { file, facts } of parts.articles) {
    for (const [at, fact] of facts.entries()) checkFact(file, `facts[${at}]`, fact, parts, problems)
  }
}

export function checkRuleFacts(parts: DomainParts, problems: Problems): void {
  const kinds = new Map(parts.predicates.map(({ id, kind }) => [id, kind]))
  for (const { file, facts, fromTools } of parts.rules) {
    for (const fact of facts) checkFact(file, fact.id, fact, parts, problems)
    for (const { id, predicate, unit } of fromTools) {
      const kind = kinds.get(predicate)
      if (unit !== undefined || (kind !== 'quantity' && kind !== 'duration' && kind !== 'range')) continue
      problems.add(file, `${id}.unit`, `a ${kind} needs a unit`, 'add one, such as day')
    }
  }
}

function checkFact(file: string, path: string, fact: Fact, parts: DomainParts, problems: Problems): void {
  const predicate = parts.predicates.find(({ id }) => id === fact.predicate)
  if (predicate === undefined) {
    problems.add(
      file,
      `${path}.predicate`,
      `there is no predicate '${fact.predicate}'`,
      'add it to vocabulary.yaml, or name another',
    )
  } else if (predicate.kind !== fact.value.kind) {
    const what = `'${fact.predicate}' is a ${predicate.kind}, not a ${fact.value.kind}`
    problems.add(file, `${path}.value.kind`, what, `state the value as a ${predicate.kind}`)
  }
}
