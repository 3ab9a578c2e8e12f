/** Samples name what exists: other samples before them, rules, articles or tools that decide, actions that are carried out. */
import { createMust } from './check-names.ts'
import type { DomainParts } from './domain.ts'
import type { Problems } from './problems.ts'

const layers = new Set(['claims', 'commitments', 'text', 'assumptions', 'judge'])

export function checkSamples(parts: DomainParts, problems: Problems): void {
  const must = createMust(parts, problems)
  const deciders = new Set([
    'default',
    ...parts.rules.flatMap(({ facts, fromTools, rules }) => [...facts, ...fromTools, ...rules].map(({ id }) => id)),
    ...parts.articles.map(({ id }) => id),
    ...parts.tools.map(({ id }) => id),
    ...parts.flags.map(({ id }) => id),
  ])
  for (const { id, request, expect } of parts.samples) {
    const file = 'samples.yaml'
    must(file, `${id}.request.repeats`, 'sample', request.repeats === undefined ? [] : [request.repeats])
    must(file, `${id}.request.after`, 'sample', request.after === undefined ? [] : [request.after])
    if (request.after === id || request.repeats === id) problems.add(file, id, 'waits for itself', 'name another sample')
    for (const name of expect.by) {
      if (!deciders.has(name))
        problems.add(file, `${id}.expect.by`, `there is no rule, article or tool '${name}'`, 'mend the name')
    }
    must(
      file,
      `${id}.expect.does`,
      'action',
      expect.does.map((done) => done.split(' ')[0]!),
    )
    for (const layer of expect.conflicts) {
      if (!layers.has(layer))
        problems.add(file, `${id}.expect.conflicts`, `there is no layer '${layer}'`, `use one of ${[...layers].join(', ')}`)
    }
  }
}
