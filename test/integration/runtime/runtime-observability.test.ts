import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTelemetry, traceHeaders } from '../../../src/runtime/opentelemetry/index.ts'
import { countInPrometheus } from '../../../src/runtime/prometheus/index.ts'
import { keep, routesOf, runtimeVhost } from './runtime-vhost.ts'
import { until } from '../support/until.ts'

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
})
afterAll(() => {
  context.disable()
  propagation.disable()
})

/** OpenTelemetry's own SDK, which keeps all spans and metrics in memory. */
function sdk() {
  const spans = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 })
  const meterProvider = new MeterProvider({ readers: [reader] })

  async function points(name: string) {
    await reader.forceFlush()
    const all =
      metrics
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
    return all.find((each) => each.descriptor.name === name)?.dataPoints ?? []
  }
  return {
    instrumentation: openTelemetry({ tracerProvider, meterProvider }),
    tracer: tracerProvider.getTracer('test'),
    spans: (): ReadableSpan[] => spans.getFinishedSpans(),
    points,
  }
}

function spanOf({ name, kind, attributes, status }: ReadableSpan) {
  return { name, kind, outcome: attributes['warren.outcome'], errorType: attributes['error.type'], code: status.code }
}

describe('OpenTelemetry', () => {
  it('has one trace from the publish over the retries to the dead letter', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [20] })
    const { instrumentation, tracer, spans, points } = sdk()
    const runtime = await here.connect(routesOf('email', failure), { instrumentation })
    const deadLettered = keep(runtime, 'deadLettered')
    await runtime.consume('emails', () => {
      tracer.startSpan('inside the handler').end()
      throw new TypeError('no')
    })
    await tracer.startActiveSpan('request', async (span) => {
      await runtime.publish('send-email', { n: 1 }, { messageId: 'm-1', correlationId: 'order-7' })
      span.end()
    })
    await until(() => deadLettered.length === 1, 'the dead letter')

    const byName = (name: string) => spans().filter((span) => span.name === name)
    const [request] = byName('request')
    const [publish] = byName('send tasks:email')
    const handlers = byName('process email')
    const ids = new Set(spans().map((span) => span.spanContext().traceId))
    expect([...ids]).toEqual([request?.spanContext().traceId])
    expect(publish?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
    expect(handlers.map((span) => span.parentSpanContext?.spanId)).toEqual([
      publish?.spanContext().spanId,
      publish?.spanContext().spanId,
    ])
    expect(byName('inside the handler').map((span) => span.parentSpanContext?.spanId)).toEqual(
      handlers.map((span) => span.spanContext().spanId),
    )
    expect(publish && spanOf(publish)).toEqual({
      name: 'send tasks:email',
      kind: SpanKind.PRODUCER,
      outcome: 'confirmed',
      errorType: undefined,
      code: SpanStatusCode.UNSET,
    })
    expect(publish?.attributes).toMatchObject({
      'messaging.system': 'rabbitmq',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'tasks:email',
      'messaging.rabbitmq.destination.routing_key': 'email',
      'messaging.message.id': 'm-1',
      'messaging.message.conversation_id': 'order-7',
      'messaging.message.body.size': 7,
      'warren.publication': 'send-email',
    })
    expect(handlers.map(spanOf)).toEqual(
      [1, 2].map(() => ({
        name: 'process email',
        kind: SpanKind.CONSUMER,
        outcome: 'error',
        errorType: 'TypeError',
        code: SpanStatusCode.ERROR,
      })),
    )
    expect(handlers.map(({ attributes }) => attributes['warren.attempt'])).toEqual([1, 2])
    expect(handlers[0]?.events.map(({ name }) => name)).toEqual(['exception'])
    const dead = await here.take('email.dead')
    expect(dead.properties.headers?.['traceparent']).toContain(publish?.spanContext().traceId)

    const [sent] = await points('messaging.client.sent.messages')
    expect(sent?.value).toBe(1)
    const [consumed] = await points('messaging.client.consumed.messages')
    expect(consumed).toMatchObject({
      value: 2,
      attributes: {
        'messaging.destination.name': 'email',
        'messaging.operation.name': 'process',
        'error.type': 'TypeError',
      },
    })
    expect(await points('messaging.client.operation.duration')).toMatchObject([{ value: { count: 1 } }])
    expect(await points('messaging.process.duration')).toMatchObject([{ value: { count: 2 } }])
    expect(await points('warren.message.age')).toMatchObject([{ value: { count: 2 } }])
  })

  it('names the failed publish and the kind of failure', async () => {
    const here = await runtimeVhost()
    const { instrumentation, spans, points } = sdk()
    const failure = await here.ladder({ queue: 'email' })
    await here.channel.unbindQueue('email', 'tasks', 'email')
    const runtime = await here.connect(routesOf('email', failure), { instrumentation })
    await expect(runtime.publish('send-email', {})).rejects.toMatchObject({ outcome: 'unroutable' })

    expect(spans().map(spanOf)).toEqual([
      {
        name: 'send tasks:email',
        kind: SpanKind.PRODUCER,
        outcome: 'unroutable',
        errorType: 'unroutable',
        code: SpanStatusCode.ERROR,
      },
    ])
    expect((await points('messaging.client.sent.messages'))[0]?.attributes).toMatchObject({
      'error.type': 'unroutable',
    })
  })

  it('continues the trace of a message from an outbox', async () => {
    const here = await runtimeVhost()
    const { instrumentation, tracer, spans } = sdk()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure), { instrumentation })
    const span = tracer.startSpan('request')
    const headers = context.with(trace.setSpan(context.active(), span), traceHeaders)
    expect(headers).toEqual({ traceparent: expect.stringContaining(span.spanContext().traceId) })

    await runtime.publish('send-email', {}, { headers })
    await until(() => spans().length === 1, 'the span')
    expect(spans()[0]?.parentSpanContext?.spanId).toBe(span.spanContext().spanId)
    const { properties } = await here.take('email')
    expect(properties.headers?.['traceparent']).toContain(spans()[0]?.spanContext().spanId)
  })
})

describe('Prometheus', () => {
  it('counts the outcomes of messages and their age', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [20] })
    const runtime = await here.connect(routesOf('email', failure))
    const register = new Registry()
    countInPrometheus(runtime, { register })
    const handled = keep(runtime, 'handled')
    const deadLettered = keep(runtime, 'deadLettered')
    await runtime.consume('emails', (body) => {
      if (body === 'bad') throw new Error('no')
    })
    await runtime.publish('send-email', 'good')
    await runtime.publish('send-email', 'bad')
    await expect(runtime.publish('send-email', undefined)).rejects.toMatchObject({ outcome: 'invalid' })
    const old = Buffer.from('"old"')
    here.channel.publish('tasks', 'email', old, { timestamp: Math.floor(Date.now() / 1_000) - 100 })
    await until(() => handled.length === 4 && deadLettered.length === 1, 'all of them')

    const text = await register.metrics()
    const vhost = here.vhost
    for (const line of [
      `warren_ready{vhost="${vhost}"} 1`,
      `warren_published_total{vhost="${vhost}",publication="send-email",outcome="confirmed"} 2`,
      `warren_published_total{vhost="${vhost}",publication="send-email",outcome="invalid"} 1`,
      `warren_handled_total{vhost="${vhost}",subscription="emails",outcome="done"} 2`,
      `warren_handled_total{vhost="${vhost}",subscription="emails",outcome="error"} 2`,
      `warren_handler_duration_seconds_count{vhost="${vhost}",subscription="emails"} 4`,
      `warren_message_age_seconds_bucket{le="60",vhost="${vhost}",subscription="emails"} 3`,
      `warren_message_age_seconds_bucket{le="300",vhost="${vhost}",subscription="emails"} 4`,
      `warren_failures_total{vhost="${vhost}",subscription="emails",outcome="retried",reason="error"} 1`,
      `warren_failures_total{vhost="${vhost}",subscription="emails",outcome="deadLettered",reason="error"} 1`,
    ]) {
      expect(text.split('\n')).toContain(line)
    }
    await runtime.close()
    expect(await register.metrics()).toContain(`warren_ready{vhost="${vhost}"} 0`)
  })

  it('counts several runtimes in one registry', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const register = new Registry()
    for (let n = 0; n < 2; n++) {
      const runtime = await here.connect(routesOf('email', failure))
      countInPrometheus(runtime, { register })
      await runtime.publish('send-email', n)
    }
    expect(await register.metrics()).toContain('outcome="confirmed"} 2')
  })
})

describe('a logger', () => {
  it('such as pino gets each publish and delivery at debug, with facts and without bodies', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const lines: Record<string, unknown>[] = []
    const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) }
    const logger = pino({ level: 'debug', base: null, timestamp: false }, stream)
    const runtime = await here.connect(routesOf('email', failure), { logger })
    await runtime.consume('emails', () => undefined)
    await runtime.publish('send-email', { secret: 'hunter2' }, { messageId: 'm-1', correlationId: 'c-1' })
    const ofEvent = (event: string) => lines.find((line) => line['event'] === event)
    await until(() => ofEvent('handled') !== undefined && ofEvent('published') !== undefined, 'both lines')

    expect(ofEvent('published')).toEqual({
      level: 20,
      event: 'published',
      publication: 'send-email',
      exchange: 'tasks',
      routingKey: 'email',
      messageId: 'm-1',
      correlationId: 'c-1',
      outcome: 'confirmed',
      duration: expect.any(Number),
      msg: expect.stringMatching(/^publication "send-email": the message "m-1" confirmed after \d+ ms$/),
    })
    expect(ofEvent('handled')).toEqual({
      level: 20,
      event: 'handled',
      subscription: 'emails',
      queue: 'email',
      messageId: 'm-1',
      correlationId: 'c-1',
      attempt: 1,
      outcome: 'done',
      duration: expect.any(Number),
      age: expect.any(Number),
      msg: expect.stringMatching(/^subscription "emails": the message "m-1" \(attempt 1\) done after \d+ ms$/),
    })
    expect(JSON.stringify(lines)).not.toContain('hunter2')
  })

  it.each<[string, () => object]>([
    [
      'throws',
      () => {
        throw new Error('the disk is full')
      },
    ],
    ['returns promises that are rejected', () => Promise.reject(new Error('the disk is full'))],
  ])('that %s keeps no message from being retried, dead-lettered and published', async (_what, log) => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [20] })
    const attempts: number[] = []
    const runtime = await here.connect(routesOf('email', failure), {
      logger: { debug: log, info: log, warn: log, error: log },
    })
    await runtime.consume('emails', (_body, { attempt }) => {
      attempts.push(attempt)
      throw new Error('no')
    })
    for (const messageId of ['m-1', 'm-2']) await runtime.publish('send-email', 1, { messageId })

    const dead = [await here.take('email.dead'), await here.take('email.dead')]
    expect(dead.map(({ properties }) => properties.messageId as string).toSorted()).toEqual(['m-1', 'm-2'])
    expect(attempts.toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2])
    await until(async () => (await here.ready('email')) === 0, 'the queue to be empty')
    expect(await runtime.close()).toMatchObject({ requeued: 0 })
    expect(await here.ready('email')).toBe(0)
  })
})
