/** A process whose handler does what its message says, harm included. Its first argument is its name and its group. */
import { requests, triaged } from '@concord/contracts'
import { aTriage } from '@concord/contracts/testing'
import { defineAgent, perSecond, publish, runService, seconds, skip } from '@concord/runtime'

const name = process.argv[2] ?? 'poisoned'
const begun = performance.now()

/** Keeps the whole process busy, as a careless loop does. */
function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end) Math.hypot(end, begun)
}

const harm: Record<string, (ms: number) => Promise<void> | void> = {
  timer: () => {
    setTimeout(() => {
      throw new TypeError('thrown in a timer')
    }, 10)
    return new Promise(() => {})
  },
  rejection: () => void Promise.reject(new Error('nobody awaits this')),
  block,
}

await runService({
  name,
  create: () =>
    defineAgent({
      name,
      version: '1',
      domainVersion: 'd1',
      consumes: [requests],
      produces: [triaged],
      concurrency: 16,
      rate: perSecond(10_000),
      deadline: seconds(40),
      usesModel: false,
      async handle({ metadata }, context) {
        if (metadata['run'] !== name) return skip('another_test')
        await harm[metadata['harm'] ?? '']?.(Number(metadata['ms']))
        return publish(triaged, { ...aTriage({ reason: name }), envelope: context.envelope() })
      },
    }),
})
