/** Renders a prompt's templates. What is inserted is data: it can neither close the section it stands in nor open another. */
import { Fault } from '@concord/contracts'
import type { Prompt } from './port.ts'

export interface Rendered {
  system: string
  user: string
}

export function renderPrompt(prompt: Prompt, input: Readonly<Record<string, unknown>>): Rendered {
  const fill = (template: string) =>
    // One pass: placeholders within inserted text are text.
    template.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => {
      const value = Object.hasOwn(input, name) ? input[name] : undefined
      if (value === undefined) {
        throw new Fault(
          'invalid_domain',
          `prompt ${prompt.name} has the placeholder {{${name}}}, for which its agent gives no value.`,
          {
            mend: 'Remove or rename the placeholder.',
          },
        )
      }
      return typeof value === 'string' ? escapeText(value) : escapeJson(value)
    })
  return { system: fill(prompt.system), user: fill(prompt.user) }
}

function escapeText(text: string): string {
  return text.replaceAll('<', '&lt;')
}

/** Within JSON a `<` occurs in strings only, so its escape leaves the value what it was. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`)
}
