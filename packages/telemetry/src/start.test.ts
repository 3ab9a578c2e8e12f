import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const start = fileURLToPath(new URL('./start.ts', import.meta.url))
const tracing = new URL('./tracing.ts', import.meta.url).href

const script = `
  import { startSendSpan } from '${tracing}'
  const parent = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }
  startSendSpan({ topic: 'concord.triage.v1', messageId: 'm', parent }).end()
`

test('with an endpoint in the environment, spans are exported to it before the process ends', async () => {
  const paths: string[] = []
  const collector = createServer((request, response) => {
    paths.push(request.url ?? '')
    request.resume().on('end', () => response.end())
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void collector.close())
  await once(collector, 'listening')
  const { port } = collector.address() as AddressInfo
  const env = { PATH: process.env['PATH'] ?? '', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` }
  const child = spawn(process.execPath, ['--import', start, '--input-type=module', '--eval', script], {
    env,
    stdio: 'inherit',
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  })
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(paths).toEqual(['/v1/traces'])
}, 20_000)
