/** What must fit together across the files of a domain: names that exist, kinds that agree, patterns and expressions that compile. */
import { checkArticles, checkRuleFacts } from './check-claims.ts'
import { checkExpressions } from './check-expressions.ts'
import { checkNames, checkPatterns, checkUnique } from './check-names.ts'
import { checkSamples } from './check-samples.ts'
import { checkTools } from './check-tools.ts'
import { isTimezone } from './dates.ts'
import type { DomainParts } from './domain.ts'
import type { Problems } from './problems.ts'

export function checkParts(parts: DomainParts, problems: Problems): void {
  const writable = checkPlace(parts, problems)
  checkUnique(parts, problems)
  checkNames(parts, problems)
  checkPatterns(parts, problems)
  checkTools(parts, problems)
  checkArticles(parts, problems)
  checkRuleFacts(parts, problems)
  if (writable) checkExpressions(parts, problems)
  checkSamples(parts, problems)
}

/** @returns whether amounts and dates can be written at all. */
function checkPlace({ domain }: DomainParts, problems: Problems): boolean {
  const file = 'domain.yaml'
  const before = problems.lines.length
  if (!isTimezone(domain.timezone)) problems.add(file, 'timezone', 'is no IANA time zone', 'write it as Europe/Berlin')
  if (!/^[A-Z]{3}$/.test(domain.currency)) problems.add(file, 'currency', 'is no ISO 4217 code', 'write it as EUR')
  for (const language of domain.languages) {
    if (!/^[a-z]{2,3}$/.test(language))
      problems.add(file, 'languages', `'${language}' is no BCP 47 primary tag`, 'write it as en')
  }
  return problems.lines.length === before
}
