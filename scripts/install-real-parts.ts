import { installRealParts } from '../packages/dev-env/src/real/index.ts'

const installed = await installRealParts({ log: console.log })
console.log(`Kafka: ${installed.kafkaLibraries}\nregistry: ${installed.registryJar}`)
