import { Fault } from '@concord/contracts'
import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

function logged(level: 'info' | 'debug' = 'info') {
  const lines: string[] = []
  const log = createLogger({ service: 'triage', level, stream: { write: (line) => void lines.push(line) } })
  return { log, lines, first: () => JSON.parse(lines[0] ?? '{}') as Record<string, unknown> }
}

test('a line is JSON with level, time, service and the ids that are bound', () => {
  const { log, first } = logged()
  log.child({ requestId: 'r-1', traceId: 't-1' }).info({ topic: 'x' }, 'handled')
  expect(first()).toEqual({
    level: 'info',
    time: expect.any(String),
    service: 'triage',
    requestId: 'r-1',
    traceId: 't-1',
    topic: 'x',
    msg: 'handled',
  })
})

test('lines below the level are not written', () => {
  const { log, lines } = logged()
  log.debug({}, 'detail')
  expect(lines).toEqual([])
})

test('fields that may hold content or secrets are redacted wherever they stand', () => {
  const { log, lines } = logged()
  log.info({ text: 'hello', request: { text: 'hello', customerId: 'hello' }, config: { model: { apiKey: 'hello' } } }, 'oops')
  expect(lines[0]).not.toContain('hello')
  expect(lines[0]).toContain('[redacted]')
})

test('a classified fault is shown with its message, its code and its causes', () => {
  const { log, first } = logged()
  const cause = new TypeError('fetch failed')
  log.error({ error: new Fault('model_unavailable', 'nobody answers.', { retryable: true, cause }) }, 'put off')
  expect(first()['error']).toMatchObject({
    code: 'model_unavailable',
    retryable: true,
    message: 'model_unavailable: nobody answers.',
    cause: { name: 'TypeError', message: 'fetch failed' },
  })
})

test('what an unclassified error quotes is masked', () => {
  const { log, lines } = logged()
  for (const text of ['{"name": "Ada"', 'Ada says', '"Ada']) {
    try {
      JSON.parse(text)
    } catch (error) {
      log.error({ error }, 'broken')
      log.error({ error: Fault.from(error) }, 'broken')
    }
  }
  expect(lines).toHaveLength(6)
  expect(lines.join('')).not.toContain('Ada')
})

test('an error that throws at whoever looks at it is logged all the same', () => {
  const { log, first } = logged()
  const hostile = Object.defineProperty(new Error('x'), 'stack', {
    get() {
      throw new Error('do not look')
    },
  })
  log.error({ error: hostile, requestId: 'r-1' }, 'broken')
  expect(first()).toMatchObject({ requestId: 'r-1', msg: 'broken', error: { name: 'an error that cannot be shown' } })
})
