import { Fault } from '@concord/contracts'
import { silentLogger } from '@concord/telemetry'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parseConfig, readEnv } from './config.ts'
import { createDeps } from './create-deps.ts'

function folderWith(models: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'models-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'models.yaml'), models)
  writeFileSync(join(folder, 'prices.yaml'), 'currency: USD\nprices: []\n')
  return folder
}

function depsWith(env: Record<string, string>) {
  const end = new AbortController()
  onTestFinished(() => end.abort())
  return createDeps('triage', parseConfig('triage', readEnv(env)), end.signal, { log: silentLogger })
}

const models = (baseUrl: string): string => `
endpoints:
  main:
    baseUrl: ${baseUrl}
    keyEnv: CONCORD_MODEL_KEY_MAIN
    models: { large: { tier: standard, contextWindow: 1000 } }
routes: [{ name: all, use: [main/large] }]
`

test('with a models file, the service asks its endpoints whether one is there', async () => {
  // Port 1 is never taken by a program of a user.
  const folder = folderWith(models('http://127.0.0.1:1/v1'))
  const { pingModel } = depsWith({ CONCORD_MODELS: folder, CONCORD_MODEL_KEY_MAIN: 'sk-secret' })
  const fault = await pingModel!().then(() => expect.fail('something answered'), Fault.from)
  expect(fault).toMatchObject({ code: 'model_unavailable', retryable: true, mend: expect.stringContaining('models.yaml') })
})

test('a models file that cannot be used is refused at the start, with its mend', () => {
  expect(() => depsWith({ CONCORD_MODELS: '/nowhere' })).toThrow(
    /invalid_config: \/nowhere\/models\.yaml cannot be read\. CONCORD_MODELS names/,
  )
  expect(() => depsWith({ CONCORD_MODELS: folderWith(models('http://127.0.0.1:1/v1')) })).toThrow(
    /CONCORD_MODEL_KEY_MAIN is not set/,
  )
})

test('a key that the models file may name is kept among the secrets', () => {
  const { secrets } = parseConfig('triage', readEnv({ CONCORD_MODEL_KEY_MAIN: 'sk-secret', CONCORD_MODEL_KEY: 'x', HOME: '/' }))
  expect(secrets.modelEnv).toEqual({ CONCORD_MODEL_KEY_MAIN: 'sk-secret' })
})
