/**
 * The constellation in one process, in memory, for `node --cpu-prof` and `--heap-prof`: quick, and without the noise of a network.
 * `node --cpu-prof --cpu-prof-dir=DIR bench/src/profile.ts 2000`
 */
import { requestRecord } from '@concord/cli'
import { follow, startInMemory } from './load/in-memory.ts'
import { requestOf } from './workload.ts'

const warmUp = 300
const count = Number(process.argv[2] ?? 2_000)
const constellation = await startInMemory()
const following = await follow(constellation)
const producer = await constellation.broker.producer({ clientId: 'bench' })

await send('warm-up', warmUp, warmUp)
const cpu = process.cpuUsage()
const from = performance.now()
await send('measured', count, warmUp + count)
const ms = performance.now() - from
const { user, system } = process.cpuUsage(cpu)
const each = (microseconds: number): string => `${(microseconds / 1_000 / count).toFixed(2)} ms`
process.stdout.write(
  `${count} requests in ${Math.round(ms)} ms, ${Math.round((count * 1_000) / ms)} a second, ${each(user + system)} of processor time each\n`,
)
await following.stop()
await constellation.stop()

async function send(run: string, requests: number, replies: number): Promise<void> {
  const made = Array.from({ length: requests }, (_, number) =>
    requestRecord(constellation.codec, requestOf(run, number), Date.now()),
  )
  await producer.send(await Promise.all(made))
  await following.replies(replies)
}
