/** How a queue's dead letters get into a dead-letter queue, and from there back to it and to no other. */
export interface DeadLetterRoute {
  readonly vhost: string
  /** The queue whose messages have failed. */
  readonly queue: string
  readonly deadLetterQueue: string
  /** With what the broker and the runtime send a dead letter on its way, so that it has come by it. */
  readonly exchange: string
  readonly routingKey: string
  /** What leads back to the queue alone. */
  readonly back: { readonly exchange: string; readonly routingKey: string }
}
