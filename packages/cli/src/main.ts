import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '@concord/contracts'
import { Command } from 'commander'
import { demoCommand } from './commands/demo.ts'
import { dlqCommand } from './commands/dlq.ts'
import { downCommand } from './commands/down.ts'
import { lagCommand } from './commands/lag.ts'
import { queueCommand } from './commands/queue.ts'
import { rebuildCommand } from './commands/rebuild.ts'
import { schemasCommand } from './commands/schemas.ts'
import { sendCommand } from './commands/send.ts'
import { topicsCommand } from './commands/topics.ts'
import { traceCommand } from './commands/trace.ts'
import { upCommand } from './commands/up.ts'
import { root } from './settings.ts'

// Whoever reads our output may stop reading, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const dotEnv = join(root, '.env')
if (existsSync(dotEnv)) process.loadEnvFile(dotEnv)

const program = new Command('concord')
  .description('Nothing reaches a customer until the agents agree.')
  .showHelpAfterError('See ./concord help.')
  .addHelpText(
    'after',
    '\nExamples:\n  ./concord demo\n  ./concord up --embedded\n  ./concord send --text "When can I call you?" --wait',
  )
for (const command of [
  demoCommand(),
  upCommand(),
  downCommand(),
  sendCommand(),
  traceCommand(),
  queueCommand(),
  lagCommand(),
  rebuildCommand(),
  dlqCommand(),
  topicsCommand(),
  schemasCommand(),
]) {
  program.addCommand(command)
}

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(
    `${Fault.from(error)
      .message.trim()
      .replaceAll(/\s*\n\s*/g, ' · ')}\n`,
  )
  process.exitCode = 1
}
