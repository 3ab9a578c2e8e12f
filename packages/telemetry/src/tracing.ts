import { childOf, type Fault, type Random, type TraceContext } from '@concord/contracts'
import {
  context,
  ProxyTracerProvider,
  SpanKind,
  SpanStatusCode,
  trace as otel,
  type Attributes,
  type Span as OtelSpan,
  type SpanContext,
  type TracerProvider,
} from '@opentelemetry/api'

/** A span that is worth its trace context even where no SDK runs. No method throws. */
export interface Span {
  /** For the headers of what this span causes. */
  readonly trace: TraceContext
  set(attributes: Attributes): void
  event(name: string, attributes?: Attributes): void
  /** Marks the span as failed with the fault's code. Shows no message: it might hold content. */
  fail(fault: Fault): void
  end(): void
  /** Runs `work` with this span as the active one, so that spans started in it are its children. */
  run<T>(work: () => T): T
}

export interface ProcessedMessage {
  topic: string
  partition: number
  offset: number
  group: string
  messageId: string
  conversationId: string
  /** The message's own context. It is the span's parent, and not a link: a message is handled by itself, never in a batch. */
  trace: TraceContext
  /** Makes the span's id where no SDK does. */
  random?: Random
}

/** `process <topic>`. Start it when the handling starts, not when the message is fetched. */
export function startProcessSpan(message: ProcessedMessage): Span {
  return start(`process ${message.topic}`, SpanKind.CONSUMER, message, message.trace, {
    ...messaging('process', message.topic, message.messageId),
    'messaging.destination.partition.id': String(message.partition),
    'messaging.kafka.offset': message.offset,
    'messaging.consumer.group.name': message.group,
    'messaging.message.conversation_id': message.conversationId,
  })
}

/** `send <topic>`, for one message that is going out. */
export function startSendSpan(message: { topic: string; messageId: string; parent: TraceContext; random?: Random }): Span {
  return start(
    `send ${message.topic}`,
    SpanKind.PRODUCER,
    message,
    message.parent,
    messaging('send', message.topic, message.messageId),
  )
}

/** Runs `work` in a span below the active one: a model call, a tool call. The caller names it as its convention says. */
export async function inSpan<T>(name: string, attributes: Attributes, work: (span: OtelSpan) => Promise<T>): Promise<T> {
  return otel.getTracer('concord').startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

/** What the SDK's provider has beyond the API's. */
interface Flushable {
  forceFlush(): Promise<void>
}

/** Exports the spans that still wait, for a process that is about to exit. Does nothing where no SDK runs; never rejects. */
export async function flushSpans(): Promise<void> {
  const provider = otel.getTracerProvider()
  const delegate: TracerProvider & Partial<Flushable> =
    provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider
  await delegate.forceFlush?.().catch(() => undefined)
}

function messaging(operation: 'process' | 'send', topic: string, messageId: string): Attributes {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': topic,
    'messaging.message.id': messageId,
  }
}

function start(
  name: string,
  kind: SpanKind,
  { random }: { random?: Random },
  parent: TraceContext,
  attributes: Attributes,
): Span {
  const remote = remoteSpan(parent)
  const parentContext = otel.setSpanContext(context.active(), remote)
  const span = otel.getTracer('concord').startSpan(name, { kind, attributes }, parentContext)
  const { spanId } = span.spanContext()
  return {
    // Without an SDK the span repeats its parent's id; what is sent needs one of its own.
    trace: spanId === remote.spanId ? childOf(parent, random) : withSpanId(parent, spanId),
    set: (more) => void span.setAttributes(more),
    event: (event, more) => void span.addEvent(event, more),
    fail(fault) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: fault.code })
      span.setAttribute('error.type', fault.code)
    },
    end: () => span.end(),
    run: (work) => context.with(otel.setSpan(parentContext, span), work),
  }
}

/** `00-<32 trace id>-<16 span id>-<2 flags>`, as a parent that lives elsewhere. */
function remoteSpan({ traceparent }: TraceContext): SpanContext {
  return {
    traceId: traceparent.slice(3, 35),
    spanId: traceparent.slice(36, 52),
    traceFlags: Number.parseInt(traceparent.slice(53, 55), 16),
    isRemote: true,
  }
}

function withSpanId(trace: TraceContext, spanId: string): TraceContext {
  return { ...trace, traceparent: `${trace.traceparent.slice(0, 36)}${spanId}${trace.traceparent.slice(52)}` }
}
