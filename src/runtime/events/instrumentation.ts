import type { RuntimeEvents } from './runtime-events.ts'

/** A message that is about to be published. */
export interface PublishingMessage {
  readonly publication: string
  readonly exchange: string
  readonly routingKey: string
  /** The declared routing key, with its `{parameter}` parts. */
  readonly routingKeyTemplate: string
  readonly messageId: string
  readonly correlationId: string | undefined
  /** In bytes. */
  readonly size: number
  /** The headers that are sent to the broker; more may be added. */
  readonly headers: Record<string, unknown>
}

/** A delivery whose handler is about to run. */
export interface HandlingMessage {
  readonly subscription: string
  readonly queue: string
  readonly exchange: string
  readonly routingKey: string
  readonly messageId: string | undefined
  readonly correlationId: string | undefined
  readonly attempt: number
  readonly deliveryTag: number
  /** In bytes. */
  readonly size: number
  readonly headers: Readonly<Record<string, unknown>>
}

/** Accompanies one handler. */
export interface HandlerCompanion {
  /** Runs the handler within a context. */
  run<T>(handler: () => T): T
  end(event: RuntimeEvents['handled']): void
}

/** Observes every message in the program, above all for tracing. `warren/opentelemetry` is one. It must not throw. */
export interface Instrumentation {
  /** Called when a publish starts. The returned function is called at the end of the publish. */
  publishing(message: PublishingMessage): (event: RuntimeEvents['published']) => void
  /** Called at the beginning of a delivery. */
  handling(message: HandlingMessage): HandlerCompanion
}
