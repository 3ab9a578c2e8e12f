/** Services of the constellation in one process, as `runService` runs each, but with the zero-latency model and without limits. */
import { systemClock } from '@concord/contracts'
import { roster } from '@concord/dev-env'
import { createHttpTools, loadDomain } from '@concord/domain'
import { createDeps, parseConfig } from '@concord/runtime'
import type { HostOptions } from '../load/host-options.ts'
import { domainFolder } from '../workload.ts'
import { createZeroModel } from '../zero-model.ts'
import { tell, untilTold, workerOptions } from './worker-side.ts'

const { parts, services, concurrency } = workerOptions<HostOptions>()
const ended = new AbortController()
const domain = await loadDomain(domainFolder)
const tools = createHttpTools({ baseUrl: 'http://127.0.0.1:9', tools: domain.tools.values(), clock: systemClock })
const inFlight = concurrency === undefined ? {} : { CONCORD_CONCURRENCY: String(concurrency) }
const unlimited = { acquire: async () => 0, close: async () => undefined }

const running = roster({ domain, tools })
  .filter(({ name }) => services.includes(name))
  .map(({ name, run }) => {
    const config = parseConfig(name, { ...parts, ...inFlight, LOG_LEVEL: 'warn' })
    const overrides = { model: createZeroModel(), createLimiter: () => unlimited }
    return run(createDeps(name, config, ended.signal, overrides), config.run)
  })
await Promise.all(running.map(({ started }) => started))
tell('ready')
untilTold(async () => {
  await Promise.all(running.map((service) => service.stop()))
  ended.abort()
})
