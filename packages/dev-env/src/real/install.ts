import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDirectory, fillOnce } from './cache.ts'
import { run } from './run.ts'
import { ensureTools } from './tools.ts'

/** Versions proven together; a later registry needs Java 21. */
const KAFKA = '4.3.1'
const REGISTRY = '3.0.9'

/** Reads artifacts without their parents' descriptors: the registry's parent is not published. */
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.9.0'

export interface Installed {
  /** The folder of Kafka's jars. */
  kafkaLibraries: string
  registryJar: string
}

let installing: Promise<Installed> | undefined

/** Makes Kafka, the schema registry and Redis available on this machine, without Docker. Does only what is still to be done. */
export function installRealParts({ log = () => {} }: { log?: (line: string) => void } = {}): Promise<Installed> {
  installing ??= install(log).catch((error: unknown) => {
    installing = undefined
    throw error
  })
  return installing
}

async function install(log: (line: string) => void): Promise<Installed> {
  const kafkaLibraries = join(cacheDirectory(), `kafka-${KAFKA}`)
  const registry = join(cacheDirectory(), `registry-${REGISTRY}`)

  await mkdir(cacheDirectory(), { recursive: true })
  await writeFile(join(cacheDirectory(), '.gitignore'), '*\n')
  await ensureTools({ download: !existsSync(kafkaLibraries) || !existsSync(registry), log })
  await fillOnce(kafkaLibraries, (into) => (log(`downloading Kafka ${KAFKA}`), downloadKafka(into)))
  await fillOnce(registry, (into) => (log(`downloading Apicurio Registry ${REGISTRY}`), downloadRegistry(into)))
  return { kafkaLibraries, registryJar: join(registry, `apicurio-registry-app-${REGISTRY}-runner.jar`) }
}

async function downloadKafka(into: string): Promise<void> {
  const pom = join(into, 'pom.xml')
  await writeFile(pom, pomOf([`org.apache.kafka:kafka_2.13:${KAFKA}`, 'org.slf4j:slf4j-simple:1.7.36']))
  await maven('copy-dependencies', '-f', pom, '-DincludeScope=runtime', `-DoutputDirectory=${into}`)
}

async function downloadRegistry(into: string): Promise<void> {
  const pom = join(into, 'pom.xml')
  await writeFile(pom, pomOf([]))
  await maven(
    'unpack',
    '-f',
    pom,
    `-Dartifact=io.apicurio:apicurio-registry-app:${REGISTRY}:tar.gz:all`,
    `-DoutputDirectory=${into}`,
  )
}

async function maven(goal: string, ...args: string[]): Promise<void> {
  await run('mvn', ['--batch-mode', '--quiet', `${DEPENDENCY_PLUGIN}:${goal}`, ...args])
}

/** @param coordinates `group:artifact:version` */
function pomOf(coordinates: string[]): string {
  const dependencies = coordinates.map((coordinate) => {
    const [group, artifact, version] = coordinate.split(':')
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>concord</groupId><artifactId>real-parts</artifactId><version>1</version>
  <dependencies>${dependencies.join('')}</dependencies>
</project>
`
}
