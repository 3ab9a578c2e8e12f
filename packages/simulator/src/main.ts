/** Runs the simulator alone: PORT, HOST, LATENCY_MS and SEED from the environment. Ends on SIGINT or SIGTERM. */
import { createSimulator } from './simulator.ts'

const number = (name: string, fallback: number): number => {
  const value = Number(process.env[name] ?? fallback)
  if (!Number.isInteger(value) || value < 0) {
    process.stderr.write(`${name} must be a whole number of at least 0\n`)
    process.exit(2)
  }
  return value
}

const simulator = await createSimulator({
  port: number('PORT', 4010),
  host: process.env['HOST'] ?? '127.0.0.1',
  latencyMs: number('LATENCY_MS', 0),
  seed: number('SEED', 0),
})
process.stdout.write(`A simulator of a model, not a model, answers at ${simulator.url}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void simulator.close().then(() => process.exit(0)))
