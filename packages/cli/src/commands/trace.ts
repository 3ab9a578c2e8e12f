import { Fault } from '@concord/contracts'
import { Command } from 'commander'
import { openClient } from '../client/open.ts'
import { renderPath } from '../trace/render.ts'
import { casePath } from '../trace/steps.ts'

export function traceCommand(): Command {
  return new Command('trace')
    .description('Show how a request was decided: who said what, on what basis, what conflicted, what was decided and why')
    .argument('<request-id>')
    .option('--json', 'the path as JSON')
    .addHelpText('after', '\nExample:\n  ./concord trace 7f3c')
    .action(async (requestId: string, { json }: { json?: boolean }) => {
      await using client = await openClient()
      const path = casePath(await client.entriesOf(requestId))
      if (path === null) {
        throw new Fault('not_found', `${client.name} holds no request ${requestId}.`, {
          mend: 'Look at the id, and at KAFKA_BROKERS if it was sent to Kafka.',
        })
      }
      process.stdout.write(`${json === true ? JSON.stringify(path) : renderPath(path)}\n`)
    })
}
