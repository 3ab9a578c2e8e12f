/** The models folder, read again while it changes. A change that cannot be used is refused, and what was read before holds. */
import { Fault } from '@concord/contracts'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OnGatewayEvent } from '../gateway/events.ts'
import type { Routes } from '../gateway/routes.ts'
import { createPrices, type Prices } from '../prices.ts'
import { baseUrls, buildRoutes, type BuildOptions } from './build-routes.ts'
import { checkModels } from './check-models.ts'
import { ModelsFile } from './models-file.ts'
import { checkPrices, datedPrices, PricesFile } from './prices-file.ts'
import { readYaml } from './read-yaml.ts'

/** What holds now. Ask anew for each use. */
export interface Models {
  routes(): Routes
  prices(): Prices
  /** Base URLs of all endpoints. */
  urls(): readonly string[]
}

export interface OpenModelsOptions extends BuildOptions {
  /** Holds `models.yaml` and `prices.yaml`. */
  folder: string
  /** Ends the looking for changes. */
  signal: AbortSignal
  onEvent?: OnGatewayEvent
}

/** Watching by the platform misses changes on some file systems, and files of this size are read in no time. */
const lookEveryMs = 3_000

interface Texts {
  models: string
  prices: string
  hash: string
}

/** @throws Fault `invalid_config` where the folder cannot be used at first. */
export function openModels(options: OpenModelsOptions): Models {
  const { folder, clock, signal, onEvent = () => {} } = options
  let texts = readTexts(folder)
  let held = build(texts, options)
  let refused = ''

  function look(): void {
    try {
      const now = readTexts(folder)
      if (now.hash === texts.hash) return void (refused = '')
      held = build(now, options)
      texts = now
      refused = ''
      onEvent({ kind: 'models_loaded', hash: now.hash })
    } catch (error) {
      const reason = Fault.from(error).message
      if (reason !== refused) onEvent({ kind: 'models_refused', reason })
      refused = reason
    }
  }

  let cancel = (): void => {}
  const lookLater = (): void => {
    cancel = clock.after(lookEveryMs, () => (look(), lookLater()))
  }
  if (!signal.aborted) {
    lookLater()
    signal.addEventListener('abort', () => cancel(), { once: true })
  }
  return { routes: () => held.routes, prices: () => held.prices, urls: () => held.urls }
}

function readTexts(folder: string): Texts {
  const models = readText(folder, 'models.yaml')
  const prices = readText(folder, 'prices.yaml')
  const hash = createHash('sha256')
    .update(JSON.stringify([models, prices]))
    .digest('hex')
    .slice(0, 16)
  return { models, prices, hash }
}

function readText(folder: string, name: string): string {
  const path = join(folder, name)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const mend = 'CONCORD_MODELS names a folder that holds models.yaml and prices.yaml.'
    throw new Fault('invalid_config', `${path} cannot be read.`, { mend, cause: error })
  }
}

function build(texts: Texts, options: OpenModelsOptions) {
  const { env } = options
  const models = readYaml('models.yaml', texts.models, ModelsFile, (file) => checkModels(file, env))
  const prices = readYaml('prices.yaml', texts.prices, PricesFile, checkPrices)
  return { routes: buildRoutes(models, options), prices: createPrices(datedPrices(prices)), urls: baseUrls(models, env) }
}
