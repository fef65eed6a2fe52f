import { ValueType } from '@opentelemetry/api'
import type { Attributes, Meter } from '@opentelemetry/api'
import { AGE_BUCKETS, DURATION_BUCKETS, Metric } from './messaging-conventions.ts'

/** The metrics of messages. Attributes have few values: no ids, and no routing keys with parameters. */
export class MessageMetrics {
  readonly #operation
  readonly #sent
  readonly #consumed
  readonly #process
  readonly #age

  constructor(meter: Meter) {
    const seconds = { unit: 's', valueType: ValueType.DOUBLE }
    const durations = { ...seconds, advice: { explicitBucketBoundaries: DURATION_BUCKETS } }
    this.#operation = meter.createHistogram(Metric.operationDuration, {
      ...durations,
      description: 'From publishing a message to the answer of the broker',
    })
    this.#sent = meter.createCounter(Metric.sentMessages, { unit: '{message}', description: 'Messages published' })
    this.#consumed = meter.createCounter(Metric.consumedMessages, {
      unit: '{message}',
      description: 'Messages delivered to handlers',
    })
    this.#process = meter.createHistogram(Metric.processDuration, { ...durations, description: 'Duration of handlers' })
    this.#age = meter.createHistogram(Metric.messageAge, {
      ...seconds,
      advice: { explicitBucketBoundaries: AGE_BUCKETS },
      description: 'Age of messages when their handler begins, to the second',
    })
  }

  /** @param duration in milliseconds */
  published(duration: number, attributes: Attributes): void {
    this.#sent.add(1, attributes)
    this.#operation.record(duration / 1_000, attributes)
  }

  /** @param duration in milliseconds @param age in milliseconds */
  handled(duration: number, age: number | undefined, attributes: Attributes): void {
    this.#consumed.add(1, attributes)
    this.#process.record(duration / 1_000, attributes)
    if (age !== undefined) this.#age.record(age / 1_000, attributes)
  }
}
