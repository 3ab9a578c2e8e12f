import { Command } from 'commander'
import { Fault } from '@concord/contracts'
import { demoCommand } from './commands/demo.ts'
import { downCommand } from './commands/down.ts'
import { traceCommand } from './commands/trace.ts'
import { upCommand } from './commands/up.ts'

const program = new Command('concord')
  .description('Nothing reaches a customer until the agents agree.')
  .showHelpAfterError()
  .addCommand(demoCommand())
  .addCommand(upCommand())
  .addCommand(downCommand())
  .addCommand(traceCommand())

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${Fault.from(error).message}\n`)
  process.exitCode = 1
}
