import { caseFacts, Fault, type Request } from '@concord/contracts'
import { aReply, aRequest } from '@concord/contracts/testing'
import { createVirtualClock, eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import type { LogEntry } from '../log/entry.ts'
import { anEntry } from '../testing/entries.ts'
import { sendAndWait, type SendOptions } from './send.ts'

/** A constellation that answers when it is told to. */
function scene(requests: Request[], options: Partial<SendOptions> = {}) {
  const sent: string[] = []
  const clock = createVirtualClock()
  let publish: (entry: LogEntry) => void = () => undefined
  let end: (error: unknown) => void = () => undefined
  const run = sendAndWait({
    client: {
      send: async ({ requestId }) => void sent.push(requestId),
      watchReplies: async (onEntry, onEnd) => {
        expect(sent).toEqual([])
        publish = onEntry
        end = onEnd ?? end
      },
    },
    requests,
    until: 'notice',
    inFlight: 2,
    idleMs: 1_000,
    clock,
    onResult: () => undefined,
    ...options,
  })
  const answer = (request: Request) => {
    const { tenantId, requestId } = request
    const { requestHash } = caseFacts(request, { timestamp: 0 })
    publish(anEntry('replies', aReply({ envelope: { tenantId, requestId, requestHash } })))
  }
  return { run, sent, clock, answer, end: (error: unknown) => end(error) }
}

const some = (count: number) => Array.from({ length: count }, (_, n) => aRequest({ requestId: `req-${n}` }))

test('no more requests are under way at once than allowed', async () => {
  const requests = some(3)
  const { run, sent, answer } = scene(requests)
  await eventually(() => expect(sent).toHaveLength(2))
  answer(requests[0]!)
  await eventually(() => expect(sent).toHaveLength(3))
  answer(requests[1]!)
  answer(requests[2]!)
  expect((await run).results.map(({ requestId }) => requestId)).toEqual(['req-0', 'req-1', 'req-2'])
})

test('what has no outcome when nothing happens any more is missing, also what was not even sent', async () => {
  const requests = some(4)
  const { run, sent, clock, answer } = scene(requests)
  await eventually(() => expect(sent).toHaveLength(2))
  await clock.advance(900)
  answer(requests[0]!)
  await eventually(() => expect(sent).toHaveLength(3))
  await clock.advance(900) // each outcome gives the others time again
  await clock.advance(200)
  const { results, missing } = await run
  expect(results).toHaveLength(1)
  expect(missing.toSorted()).toEqual(['req-1', 'req-2', 'req-3'])
})

test('of one id with two contents each gets its own outcome', async () => {
  const [first, second] = [aRequest({ text: 'One' }), aRequest({ text: 'Two' })]
  const { run, sent, answer } = scene([first, second])
  await eventually(() => expect(sent).toHaveLength(2))
  answer(second)
  answer(first)
  expect((await run).results).toHaveLength(2)
})

test('a constellation that ends is an error at once', async () => {
  const { run, sent, end } = scene(some(1))
  await eventually(() => expect(sent).toHaveLength(1))
  end(new Fault('broker_unavailable', 'it has ended.'))
  await expect(run).rejects.toThrow('it has ended')
})
