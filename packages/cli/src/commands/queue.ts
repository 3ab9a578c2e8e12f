import { Command } from 'commander'
import type { Verdict } from '../client/client.ts'
import { openClient } from '../client/open.ts'
import { loginName } from '../login-name.ts'
import { numberAbove0 } from '../numbers.ts'
import { print, printJson } from '../print.ts'
import { decideNow, findWaiting } from '../queue/decide.ts'
import { renderCase, renderQueue } from '../queue/render.ts'

interface Options {
  reviewer?: string
  text?: string
  reason?: string
  version?: number
  json?: boolean
}

export function queueCommand(): Command {
  return new Command('queue')
    .description('Cases that wait for a person: look at them and decide. What you write passes the same checks as a draft')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(decision('approve', 'Send the draft as it stands, and do what it promises'))
    .addCommand(
      decision('edit', 'Send the draft in your words, with what it promises').requiredOption('--text <text>', 'the reply'),
    )
    .addCommand(
      decision('respond', 'Send a reply of your own that promises nothing').requiredOption('--text <text>', 'the reply'),
    )
    .addCommand(
      decision('reject', 'Decline the request').option('--text <text>', "the reply; the domain's own words unless given"),
    )
}

function listCommand(): Command {
  return new Command('list')
    .description('List the cases, those to be decided first at the top')
    .option('--json', 'as JSON, with both sides of each conflict')
    .addHelpText('after', '\nExample:\n  ./concord queue list')
    .action(async ({ json }: Options) => {
      await using client = await openClient()
      const cases = await client.waiting()
      if (json === true) printJson({ cases })
      else print(renderQueue(cases, Date.now()))
    })
}

function showCommand(): Command {
  return new Command('show')
    .description('Show one case: why it waits, both sides of each conflict, the draft and what it would do')
    .argument('<request-id>')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  ./concord queue show 7f3c')
    .action(async (requestId: string, { json }: Options) => {
      await using client = await openClient()
      const found = await findWaiting(client, requestId)
      if (json === true) printJson(found)
      else print(renderCase(found, Date.now()))
    })
}

function decision(name: Verdict['decision'], what: string): Command {
  const words = name === 'edit' || name === 'respond' ? ' --text "We are sorry."' : ''
  return new Command(name)
    .description(what)
    .argument('<request-id>')
    .option('--reviewer <name>', 'who decides (default: your login name)')
    .option('--reason <text>', 'why, for the record')
    .option('--version <n>', 'decide only if the case is still at the version that you looked at', numberAbove0)
    .option('--json', 'what became of it, as JSON')
    .addHelpText('after', `\nExample:\n  ./concord queue ${name} 7f3c${words} --reviewer ada`)
    .action(async (requestId: string, { reviewer = loginName(), text, reason, version, json }: Options) => {
      await using client = await openClient()
      const wish = { requestId, decision: name, text: text ?? null, reason: reason ?? null, reviewer }
      const result = await decideNow(client, { ...wish, ...(version !== undefined && { version }) })
      if (json === true) printJson({ requestId, ...result })
      else print(`${requestId}: ${result.reason} See ./concord trace ${requestId}`)
    })
}
