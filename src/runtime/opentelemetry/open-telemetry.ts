import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Attributes, MeterProvider, Span, Tracer, TracerProvider } from '@opentelemetry/api'
import type {
  HandlerCompanion,
  HandlingMessage,
  Instrumentation,
  PublishingMessage,
} from '../events/instrumentation.ts'
import type { RuntimeEvents } from '../events/runtime-events.ts'
import { carriesContext, contextOf, putContext } from './message-context.ts'
import { MessageMetrics } from './message-metrics.ts'
import { Attribute, destinationName, SYSTEM } from './messaging-conventions.ts'
import { asError, errorMessage, errorName, isError } from '../../diagnostics/thrown.ts'

/** The destinations of traces and metrics. */
export interface OpenTelemetryOptions {
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider
}

const NAME = 'warren'

/**
 * Traces and measures every publish and every handler by OpenTelemetry's messaging conventions, for `instrumentation`
 * of `connect()`. The trace is passed along in the headers of a message, so that its retries and dead letters belong
 * to the trace of the publish. Without an SDK, it does nothing.
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Instrumentation {
  const tracer = (options.tracerProvider ?? trace).getTracer(NAME)
  const measured = new MessageMetrics((options.meterProvider ?? metrics).getMeter(NAME))
  return {
    publishing: (message) => tracePublish(tracer, measured, message),
    handling: (message) => traceHandler(tracer, measured, message),
  }
}

function tracePublish(tracer: Tracer, measured: MessageMetrics, message: PublishingMessage) {
  const { publication, exchange, routingKey, routingKeyTemplate, headers } = message
  const template = destinationName(exchange, routingKeyTemplate)
  const common: Attributes = {
    [Attribute.system]: SYSTEM,
    [Attribute.operationName]: 'send',
    [Attribute.operationType]: 'send',
    [Attribute.destinationTemplate]: template,
    [Attribute.publication]: publication,
  }
  // A message from an outbox contains the context in which it was enqueued.
  const parent = carriesContext(headers) ? contextOf(headers) : context.active()
  const span = tracer.startSpan(
    `send ${template}`,
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        ...common,
        [Attribute.destination]: destinationName(exchange, routingKey),
        [Attribute.routingKey]: routingKey,
        ...aboutMessage(message),
      },
    },
    parent,
  )
  putContext(headers, trace.setSpan(parent, span))
  return (event: RuntimeEvents['published']): void => {
    const failed = event.outcome === 'confirmed' ? {} : { [Attribute.errorType]: event.outcome }
    measured.published(event.duration, { ...common, ...failed })
    end(span, event, failed)
  }
}

function traceHandler(tracer: Tracer, measured: MessageMetrics, message: HandlingMessage): HandlerCompanion {
  const { subscription, queue, routingKey, attempt, deliveryTag, headers } = message
  const common: Attributes = {
    [Attribute.system]: SYSTEM,
    [Attribute.operationName]: 'process',
    [Attribute.operationType]: 'process',
    [Attribute.destination]: queue,
    [Attribute.subscription]: subscription,
  }
  const parent = contextOf(headers)
  const span = tracer.startSpan(
    `process ${queue}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        ...common,
        [Attribute.routingKey]: routingKey,
        [Attribute.deliveryTag]: deliveryTag,
        [Attribute.attempt]: attempt,
        ...aboutMessage(message),
      },
    },
    parent,
  )
  const inside = trace.setSpan(parent, span)
  return {
    run: (handler) => context.with(inside, handler),
    end: (event) => {
      const failed = HARMLESS.has(event.outcome) ? {} : { [Attribute.errorType]: errorType(event) }
      measured.handled(event.duration, event.age, { ...common, ...failed })
      end(span, event, failed)
    },
  }
}

const HARMLESS: ReadonlySet<string> = new Set(['done', 'duplicate', 'requeued'])

function errorType({ outcome, error }: RuntimeEvents['handled']): string {
  return outcome === 'error' && error !== undefined ? errorName(error) : outcome
}

function aboutMessage({ messageId, correlationId, size }: PublishingMessage | HandlingMessage): Attributes {
  return {
    ...(messageId !== undefined && { [Attribute.messageId]: messageId }),
    ...(correlationId !== undefined && { [Attribute.conversationId]: correlationId }),
    [Attribute.bodySize]: size,
  }
}

function end(span: Span, { outcome, error }: { outcome: string; error?: unknown }, failed: Attributes): void {
  span.setAttributes({ ...failed, [Attribute.outcome]: outcome })
  if (Object.keys(failed).length > 0) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error === undefined ? outcome : errorMessage(error) })
    if (isError(error)) span.recordException(asError(error))
  }
  span.end()
}
