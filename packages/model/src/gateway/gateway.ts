/**
 * The gateway between a handler and a model: one ordered list of steps. On the way in a call goes down the list, on the way out up again, so
 * that the first step sees all that the others do. docs/models.md explains each, and where further steps go.
 */
import { Fault, type Clock, type Random } from '@concord/contracts'
import { callLimit } from '../limits.ts'
import type { Model, ModelCallRecord, ModelRequest } from '../port.ts'
import type { Prices } from '../prices.ts'
import { openAsk, pipeline, type Ask, type Step } from './ask.ts'
import type { Breakers } from './breakers.ts'
import type { OnGatewayEvent } from './events.ts'
import type { Route, Routes, Target } from './routes.ts'
import { breaker } from './steps/breaker.ts'
import { bulkhead } from './steps/bulkhead.ts'
import { call } from './steps/call.ts'
import { deadline } from './steps/deadline.ts'
import { parseAndCorrect } from './steps/parse-and-correct.ts'
import { record } from './steps/record.ts'
import { defaultRetries, retry, type RetryPolicy } from './steps/retry.ts'
import { route } from './steps/route.ts'
import { settle } from './steps/settle.ts'
import { shadow } from './steps/shadow.ts'

export interface GatewayPorts {
  clock: Clock
  random: Random
  /** Asked anew for each call, so that a changed file holds from the next one on. */
  routes(): Routes
  prices(): Prices
  /** Without them every target is tried each time. */
  breakers?: Breakers
  retries?: RetryPolicy
  /** Called once for every call, whatever became of it, shadow calls included. Must not throw. */
  onCall?: (record: ModelCallRecord) => void
  onEvent?: OnGatewayEvent
  /** Ends every call under way, shadow calls included. */
  signal?: AbortSignal
}

/** Milliseconds for a shadow call, whose message has its answer already. */
const shadowMs = 60_000

export function createGateway(ports: GatewayPorts): Model {
  const { clock } = ports
  const ended = ports.signal ?? new AbortController().signal
  const run = pipeline(stepsOf(ports, askShadow))

  async function through(request: ModelRequest<unknown>, fixed?: Route): Promise<Ask & { value: unknown }> {
    const { deadline: until } = request.call
    using limit = callLimit(AbortSignal.any([request.signal, ended]), until, clock)
    const ask = openAsk(request, limit, clock.now(), fixed)
    const { value } = await run(ask)
    return Object.assign(ask, { value })
  }

  function askShadow(request: ModelRequest<unknown>, target: Target): void {
    const own = { ...request.call, callId: `${request.call.callId}/shadow`, deadline: clock.now() + shadowMs }
    const fixed: Route = { name: 'shadow', targets: [target], shadow: null }
    through({ ...request, call: own, signal: ended }, fixed).catch(() => {
      // Its record says what became of it.
    })
  }

  return {
    async ask<T>(request: ModelRequest<T>) {
      const { value, record: written } = await through(request)
      if (written === null) throw new Fault('internal', 'the gateway has no record of a call.')
      return { value: value as T, record: written }
    },
  }
}

function stepsOf(ports: GatewayPorts, askShadow: (request: ModelRequest<unknown>, target: Target) => void): readonly Step[] {
  const { clock, random, routes, prices, onCall = () => {}, onEvent = () => {} } = ports
  return [
    shadow(random, askShadow),
    record(clock.now, onCall),
    settle(prices),
    parseAndCorrect(onEvent),
    route(routes, onEvent),
    retry({ clock, random, policy: ports.retries ?? defaultRetries }, onEvent),
    bulkhead(onEvent),
    breaker(ports.breakers, clock, onEvent),
    deadline(clock),
    call(),
  ]
}
