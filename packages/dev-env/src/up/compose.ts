/** Kafka, the registry and Redis in Docker Compose, for machines on which a daemon answers. */
import { repositoryRoot } from '../real/cache.ts'
import { run } from '../real/run.ts'

/** As `docker-compose.yml` publishes them. */
export const composeAddresses = {
  kafka: '127.0.0.1:9092',
  registry: 'http://127.0.0.1:8081/apis/ccompat/v7',
  redis: 'redis://127.0.0.1:6379',
} as const

export type ComposePart = keyof typeof composeAddresses

/** Runs a command to its end. */
export type Runner = (command: string, args: string[]) => Promise<string>

const inRoot: Runner = (command, args) => run(command, args, { cwd: repositoryRoot })

export async function dockerAnswers(runner: Runner = inRoot): Promise<boolean> {
  return runner('docker', ['info']).then(
    () => true,
    () => false,
  )
}

/** Resolves when the containers that say so are healthy. */
export async function composeUp(parts: readonly ComposePart[], runner: Runner = inRoot): Promise<void> {
  await runner('docker', ['compose', 'up', '--detach', '--wait', ...parts])
}

/** Ends the containers; their data stays. */
export async function composeStop(parts: readonly ComposePart[], runner: Runner = inRoot): Promise<void> {
  await runner('docker', ['compose', 'stop', ...parts])
}
