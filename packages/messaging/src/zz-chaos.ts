import { spawn, execSync } from 'node:child_process'
import { systemClock } from '@concord/contracts'
import { createKafkaBroker } from './kafka/kafka-broker.ts'
import { createDelivery } from './delivery/delivery.ts'
const port = 39192, dir = '/tmp/messaging-kafka/d2'
let kafka: any
function boot() { kafka = spawn('/tmp/messaging-kafka/start.sh', [String(port), String(port + 1), dir], { stdio: 'ignore' }) }
boot()
await systemClock.sleep(5000)
const log = (e: any) => { if (e.level === 'error') console.log(Math.round(performance.now()), 'LOG', e.message, JSON.stringify(e.fields).slice(0, 150)) }
const broker = createKafkaBroker({ brokers: [`127.0.0.1:${port}`], clientId: 'chaos', log })
const topic = 'chaos-' + Date.now(), group = 'g-' + topic
const admin = await broker.admin(); await admin.createTopics([{ topic, partitions: 6 }]); await admin.close()
const acked = new Set<string>(); const handled = new Map<string, number>(); const first = new Map<string, number[]>()
const faults: Record<string, number> = {}
const sleepMs = 5
const make = (id: string) => createDelivery({ broker, clock: systemClock, group, topics: [topic], clientId: id, assignment: 'spread', concurrency: 32,
  async handle(r) { await systemClock.sleep(sleepMs); const v = r.value!.toString(); if (!handled.has(v)) { const k = r.key!.toString(); if (!first.has(k)) first.set(k, []); first.get(k)!.push(Number(v.split(':')[1])) }
    handled.set(v, (handled.get(v) ?? 0) + 1); return { kind: 'done' } },
  onFault: (f) => { faults[f.code] = (faults[f.code] ?? 0) + 1 } })
const a = make('a'), b = make('b')
await a.start(); await b.start()
const producer = await broker.producer({ clientId: 'p' })
let n = 0, stop = false, sendErrors = 0
const sending = new Set<Promise<void>>()
const loop = (async () => { while (!stop) { const seq = n++; const key = 'k' + (seq % 50); const v = `${key}:${seq}`
  const p: Promise<void> = (async () => { for (;;) { try { await producer.send([{ topic, key, value: Buffer.from(v), headers: {} }]); acked.add(v); return } catch (e: any) { sendErrors++; await systemClock.sleep(500) } } })()
  sending.add(p); void p.finally(() => sending.delete(p)); await systemClock.sleep(5) } })()
const status = (what: string) => console.log(Math.round(performance.now()), what, { sent: n, acked: acked.size, handled: handled.size, sendErrors, faults, a: a.partitions().length, b: b.partitions().length, ha: a.health(), hb: b.health() })
await systemClock.sleep(3000); status('steady')
const pid = () => Number(execSync(`pgrep -f "kafka.Kafka ${dir}/server.properties"`).toString().trim().split('\n')[0])
process.kill(pid(), 'SIGKILL'); status('killed kafka'); await systemClock.sleep(4000); boot(); await systemClock.sleep(12000); status('after restart')
process.kill(pid(), 'SIGSTOP'); await systemClock.sleep(14000); status('stopped 14s'); process.kill(pid(), 'SIGCONT'); await systemClock.sleep(15000); status('continued')
const c = make('c'); await c.start(); status('c joined'); await systemClock.sleep(2000)
stop = true; await loop
for (let i = 0; i < 90 && (sending.size > 0 || handled.size < acked.size); i++) await systemClock.sleep(500)
status('end')
const missing = [...acked].filter((v) => !handled.has(v))
const dups = [...handled.values()].filter((x) => x > 1).length
let disorder = 0; for (const l of first.values()) for (let i = 1; i < l.length; i++) if (l[i]! < l[i - 1]!) disorder++
await Promise.all([a.drain(), b.drain(), c.drain()])
const admin2 = await broker.admin()
console.log({ missing: missing.length, dups, disorder, committed: (await admin2.committed(group, topic)).map((x) => x.offset), high: (await admin2.topicOffsets(topic)).map((x) => x.high), records: n })
await admin2.close(); await producer.close(); process.kill(pid(), 'SIGKILL'); process.exit(0)
