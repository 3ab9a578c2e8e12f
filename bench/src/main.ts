/** Measures the constellation beside bare kafkajs, prints the table and writes `bench/results.md`. */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Fault } from '@concord/contracts'
import { partNames, readConfig, type BenchConfig } from './config.ts'
import { openWorld, type World } from './load/world.ts'
import { describeSettings } from './machine.ts'
import { measureBacklog, measureIdle } from './parts/footprint.ts'
import { measureLatency } from './parts/latency.ts'
import { measurePool } from './parts/pool.ts'
import { measureThroughput } from './parts/throughput.ts'
import { rowsOf, table, type Results } from './report.ts'

const resultsFile = fileURLToPath(new URL('../results.md', import.meta.url))
const started = performance.now()
const log = (line: string): void =>
  console.error(`${String(Math.round((performance.now() - started) / 1_000)).padStart(4)} s  ${line}`)

try {
  const config = readConfig()
  const world = await openWorld(log)
  try {
    const results = await measure(world, config)
    const text = [...describeSettings(config, world.flow), '', table(rowsOf(results))].join('\n')
    console.log(`\n${text}`)
    // A part of the run, or a smaller one, is no result to be kept.
    if (config.only.size === partNames.length && config.scale === 1) await writeFile(resultsFile, page(text))
  } finally {
    await world.close()
  }
  process.exit()
} catch (error) {
  console.error(Fault.from(error).message)
  process.exit(1)
}

/** The backlog comes last: it fills a topic that others read. */
async function measure(world: World, config: BenchConfig): Promise<Results> {
  const { only } = config
  return {
    ...((only.has('a') || only.has('b')) && { throughput: await measureThroughput(world, config, log) }),
    ...(only.has('c') && { pool: await measurePool(world, config, log) }),
    ...(only.has('d') && { latency: await measureLatency(world, config, log) }),
    ...(only.has('e') && {
      idle: await measureIdle(world, config, log),
      backlog: await measureBacklog(world, config, log),
    }),
  }
}

function page(text: string): string {
  return `# Speed

Printed by \`make bench\`. A figure is the median of the rounds, with the least and the most of them in brackets.
What each part does, and where the time goes: [ADR 020](../docs/adr/020-where-the-time-goes.md).

${text}
`
}
