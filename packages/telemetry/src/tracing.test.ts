import { deriveTraceId, Fault, traceIdOf } from '@concord/contracts'
import { context, trace as otel } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BatchSpanProcessor, InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, expect, test } from 'vitest'
import { flushSpans, inSpan, startProcessSpan, startSendSpan } from './tracing.ts'

const parent = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=1', baggage: 'b=2' }
const message = {
  topic: 'concord.triage.v1',
  partition: 3,
  offset: 17,
  group: 'policy',
  messageId: 'm-1',
  conversationId: 'c-1',
  trace: parent,
}

function withSdk(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter()
  otel.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  return exporter
}

afterEach(() => {
  otel.disable()
  context.disable()
})

test('without an SDK each hop still has a span id of its own in the one trace', () => {
  const process = startProcessSpan(message)
  const send = startSendSpan({ topic: 'concord.policy.v1', messageId: 'm-2', parent: process.trace })
  const hops = [parent, process.trace, send.trace]
  expect(new Set(hops.map(traceIdOf))).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c']))
  expect(new Set(hops.map(({ traceparent }) => traceparent.slice(36, 52))).size).toBe(3)
  expect(send.trace).toMatchObject({ tracestate: 'a=1', baggage: 'b=2' })
  expect(deriveTraceId({ tenantId: 'a', requestId: 'b' })).toHaveLength(32)
})

test('with an SDK the process span is a child of the message, and what it sends a child of it', async () => {
  const exporter = withSdk()
  const span = startProcessSpan(message)
  const sent = await span.run(async () => {
    const send = startSendSpan({ topic: 'concord.policy.v1', messageId: 'm-2', parent: span.trace })
    send.end()
    await inSpan('chat model-x', { 'gen_ai.operation.name': 'chat' }, async () => 1)
    return send.trace
  })
  span.end()
  const spans = new Map(exporter.getFinishedSpans().map((one) => [one.name, one]))
  const process = spans.get('process concord.triage.v1')
  expect(process?.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
  expect(process?.attributes).toMatchObject({
    'messaging.system': 'kafka',
    'messaging.operation.name': 'process',
    'messaging.destination.name': 'concord.triage.v1',
    'messaging.destination.partition.id': '3',
    'messaging.kafka.offset': 17,
    'messaging.consumer.group.name': 'policy',
    'messaging.message.id': 'm-1',
    'messaging.message.conversation_id': 'c-1',
  })
  expect(process?.attributes).not.toHaveProperty('messaging.kafka.message.key')
  const id = process?.spanContext().spanId
  expect(spans.get('send concord.policy.v1')?.parentSpanContext?.spanId).toBe(id)
  expect(spans.get('chat model-x')?.parentSpanContext?.spanId).toBe(id)
  expect(sent.traceparent).toBe(
    `00-0af7651916cd43dd8448eb211c80319c-${spans.get('send concord.policy.v1')?.spanContext().spanId}-01`,
  )
})

test('a failed span shows the code of its fault and nothing of its message', () => {
  const exporter = withSdk()
  const span = startProcessSpan(message)
  span.fail(new Fault('model_refused', 'the customer said hello'))
  span.end()
  const [finished] = exporter.getFinishedSpans()
  expect(finished?.attributes['error.type']).toBe('model_refused')
  expect(JSON.stringify([finished?.status, finished?.attributes, finished?.events])).not.toContain('hello')
})

test('flushing exports what still waits, and does nothing where no SDK runs', async () => {
  await flushSpans()
  const exporter = new InMemorySpanExporter()
  otel.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] }))
  startProcessSpan(message).end()
  expect(exporter.getFinishedSpans()).toHaveLength(0)
  await flushSpans()
  expect(exporter.getFinishedSpans()).toHaveLength(1)
})
