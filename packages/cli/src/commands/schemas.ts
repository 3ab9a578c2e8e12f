import { Command } from 'commander'
import { checkSchemas, Fault, loadSchemas, registerSchemas } from '@concord/contracts'
import { realAddresses } from '../client/open.ts'
import { print, printJson } from '../print.ts'
import { table } from '../table.ts'

interface Options {
  registry?: boolean
  json?: boolean
}

export function schemasCommand(): Command {
  const register = new Command('register')
    .description('Register every schema of schemas/ with FULL_TRANSITIVE compatibility; can be run at every deploy')
    .option('--json', 'what became of each subject, as JSON')
    .addHelpText('after', '\nExample:\n  SCHEMA_REGISTRY_URL=http://127.0.0.1:8081/apis/ccompat/v7 ./concord schemas register')
    .action(registerAll)
  const check = new Command('check')
    .description("Say whether each schema may follow the ones before it: those beside it in schemas/, or the registry's")
    .option('--registry', 'compare with what the registry holds')
    .option('--json', 'what is wrong with each subject, as JSON')
    .addHelpText('after', '\nExample:\n  ./concord schemas check --registry')
    .action(checkAll)
  return new Command('schemas').description('The contracts of the topics').addCommand(register).addCommand(check)
}

async function registerAll({ json }: Options): Promise<void> {
  const done = await registerSchemas(await registryUrl(), loadSchemas())
  const refused = done.filter(({ outcome }) => outcome === 'refused')
  if (json === true) printJson({ subjects: done })
  else
    print(
      table(
        ['subject', 'what', 'id', 'why'],
        done.map(({ subject, outcome, id, reasons }) => [subject, outcome, String(id ?? ''), reasons.join('; ')]),
        100,
      ),
    )
  if (refused.length > 0) throw notCompatible(refused.length, done.length)
}

async function checkAll({ registry, json }: Options): Promise<void> {
  const checks = await checkSchemas(loadSchemas(), registry === true ? { url: await registryUrl() } : {})
  const wrong = checks.filter(({ outcome }) => outcome === 'incompatible')
  if (json === true) printJson({ comparedWith: registry === true ? 'registry' : 'folder', subjects: checks })
  else {
    const rows = checks.map(({ subject, outcome, comparedWith, reasons }) => [
      subject,
      outcome,
      String(comparedWith),
      reasons.join('; '),
    ])
    print(table(['subject', 'what', 'versions before', 'why'], rows, 100))
  }
  if (wrong.length > 0) throw notCompatible(wrong.length, checks.length)
}

function notCompatible(wrong: number, of: number): Fault {
  return new Fault('invalid_input', `${wrong} of ${of} schemas may not follow the ones before them.`, {
    mend: 'Give new fields a default and keep the others, or make a new major version.',
  })
}

async function registryUrl(): Promise<string> {
  return process.env['SCHEMA_REGISTRY_URL'] || (await realAddresses()).SCHEMA_REGISTRY_URL
}
