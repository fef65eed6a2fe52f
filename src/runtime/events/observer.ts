import type { Publication } from '../../model/routes.ts'
import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { aboutDelivery } from '../failure/failure.ts'
import type { Delivery } from '../consume/delivery.ts'
import type { HandlerCompanion, Instrumentation } from './instrumentation.ts'
import type { OutgoingMessage } from '../publish/outgoing-message.ts'
import { PublishError } from '../publish/publish-error.ts'
import type { HandledOutcome, RuntimeEmitter, RuntimeEvents } from './runtime-events.ts'

/** An observed handler. */
export interface WatchedHandler {
  run<T>(handler: () => T): T
  end(outcome: HandledOutcome, error?: unknown): void
}

/** Reports every publish and every delivery to listeners. Without listeners, it costs nothing. */
export class Observer {
  readonly #events: RuntimeEmitter
  readonly #instrumentation: Instrumentation | undefined
  readonly #clock: Clock

  constructor(events: RuntimeEmitter, instrumentation: Instrumentation | undefined, clock = systemClock) {
    this.#clock = clock
    this.#events = events
    this.#instrumentation = instrumentation
  }

  /** Called before a message is sent. The returned function is called with the error, if there is one. */
  publishing(publication: Publication, message: OutgoingMessage): ((error?: unknown) => void) | undefined {
    if (!this.#instrumentation && !this.#events.hears('published')) return undefined
    const { name, exchange, routingKey: routingKeyTemplate } = publication
    const { messageId, routingKey, content, properties } = message
    const correlationId: string | undefined = properties.correlationId
    // Instrumentation adds headers to a copy, because all messages of a publication share its headers.
    const headers = { ...properties.headers }
    if (this.#instrumentation) properties.headers = headers
    const began = this.#clock.now()
    const about = { publication: name, exchange, routingKey, messageId, correlationId }
    const ended = safely(() =>
      this.#instrumentation?.publishing({ ...about, routingKeyTemplate, size: content.length, headers }),
    )
    return (error) => {
      const event = { ...about, ...outcomeOf(error), duration: this.#clock.now() - began }
      safely(() => ended?.(event))
      this.#events.emit('published', event)
    }
  }

  /** Reports a message that was refused before it was sent. */
  refused(publication: string, error: unknown): void {
    if (!(error instanceof PublishError) || !this.#events.hears('published')) return
    const { messageId, outcome } = error
    const unknown = { exchange: undefined, routingKey: undefined, correlationId: undefined }
    this.#events.emit('published', { publication, ...unknown, messageId, outcome, duration: 0, error })
  }

  /** Called at the beginning of a delivery, before its handler runs. */
  handling(subscription: string, delivery: Delivery): WatchedHandler | undefined {
    if (!this.#instrumentation && !this.#events.hears('handled')) return undefined
    const began = this.#clock.now()
    const about = aboutDelivery(subscription, delivery)
    const age = delivery.timestamp && Math.max(0, this.#clock.time() - delivery.timestamp.getTime())
    const companion = this.#instrumentation && this.#companion(this.#instrumentation, subscription, delivery)
    return {
      run: (handler) => (companion ? runInside(companion, handler) : handler()),
      end: (outcome, error) => {
        const duration = this.#clock.now() - began
        const event = { ...about, outcome, duration, age, ...(error !== undefined && { error }) }
        safely(() => companion?.end(event))
        this.#events.emit('handled', event)
      },
    }
  }

  #companion(instrumentation: Instrumentation, subscription: string, delivery: Delivery): HandlerCompanion | undefined {
    const { exchange, routingKey, message } = delivery
    const about = {
      ...aboutDelivery(subscription, delivery),
      exchange,
      routingKey,
      deliveryTag: message.fields.deliveryTag,
      size: message.content.length,
      headers: message.properties.headers ?? {},
    }
    return safely(() => instrumentation.handling(about))
  }
}

/** Runs a handler exactly once, even if the instrumentation around it throws first. */
function runInside<T>(companion: HandlerCompanion, handler: () => T): T {
  let hasBegun = false
  try {
    return companion.run(() => {
      hasBegun = true
      return handler()
    })
  } catch (error) {
    if (hasBegun) throw error
    return handler()
  }
}

/** Instrumentation must not affect a message, so its errors are ignored. */
function safely<T>(watch: () => T): T | undefined {
  try {
    return watch()
  } catch {
    return undefined
  }
}

function outcomeOf(error: unknown): Pick<RuntimeEvents['published'], 'outcome' | 'error'> {
  if (error === undefined) return { outcome: 'confirmed' }
  return { outcome: error instanceof PublishError ? error.outcome : 'unknown', error }
}
