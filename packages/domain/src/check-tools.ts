/** Tools declare arguments that can be checked, and paths whose placeholders are among them. */
import type { DomainParts } from './domain.ts'
import type { Problems } from './problems.ts'
import { argumentsSchema, placeholdersOf } from './tool-args.ts'

export function checkTools(parts: DomainParts, problems: Problems): void {
  const file = 'tools.yaml'
  for (const tool of parts.tools) {
    try {
      argumentsSchema(tool)
    } catch {
      problems.add(
        file,
        `${tool.id}.args`,
        'is no JSON schema that can be checked',
        'write it as { properties: …, required: […] }',
      )
    }
    const properties = propertiesOf(tool.args)
    for (const name of placeholdersOf(tool.path)) {
      if (!properties.includes(name))
        problems.add(file, `${tool.id}.path`, `{${name}} is no argument`, 'declare it under args.properties')
    }
    if (tool.effect === 'read' && tool.method !== 'GET' && tool.method !== 'POST') {
      problems.add(file, `${tool.id}.method`, `a read tool cannot be a ${tool.method}`, 'use GET')
    }
  }
  for (const action of parts.actions) {
    for (const fact of action.facts)
      checkCall(`${action.id}.facts.${fact.name}`, fact.tool, Object.keys(fact.args), parts, problems)
    if (action.tool !== null) checkCall(`${action.id}.args`, action.tool, Object.keys(action.args), parts, problems)
  }
}

/** The arguments that an action makes are those that its tool takes. */
function checkCall(path: string, toolId: string, given: readonly string[], parts: DomainParts, problems: Problems): void {
  const tool = parts.tools.find(({ id }) => id === toolId)
  if (tool === undefined) return
  const known = propertiesOf(tool.args)
  for (const name of given) {
    if (!known.includes(name))
      problems.add('actions.yaml', path, `'${toolId}' takes no argument '${name}'`, `it takes ${known.join(', ')}`)
  }
  const { required } = tool.args
  const needed = [...placeholdersOf(tool.path), ...(Array.isArray(required) ? required.map(String) : [])]
  for (const name of new Set(needed)) {
    if (!given.includes(name)) problems.add('actions.yaml', path, `'${toolId}' needs the argument '${name}'`, 'add it')
  }
}

function propertiesOf(schema: Readonly<Record<string, unknown>>): string[] {
  const { properties } = schema
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
}
