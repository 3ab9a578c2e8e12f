/** What must fit together across the files of a domain: names that exist, kinds that agree, patterns and expressions that compile. */
import { checkArticles, checkRuleFacts } from './check-claims.ts'
import { checkExpressions } from './check-expressions.ts'
import { checkNames, checkPatterns, checkUnique } from './check-names.ts'
import { checkSamples } from './check-samples.ts'
import type { DomainParts } from './domain.ts'
import { checkTools } from './check-tools.ts'
import { isTimezone } from './dates.ts'
import type { Problems } from './problems.ts'

export function checkParts(parts: DomainParts, problems: Problems): void {
  if (!isTimezone(parts.domain.timezone)) problems.add('domain.yaml', 'timezone', 'is no IANA time zone', 'write it as Europe/Berlin')
  checkUnique(parts, problems)
  checkNames(parts, problems)
  checkPatterns(parts, problems)
  checkTools(parts, problems)
  checkArticles(parts, problems)
  checkRuleFacts(parts, problems)
  if (isTimezone(parts.domain.timezone)) checkExpressions(parts, problems)
  checkSamples(parts, problems)
}
