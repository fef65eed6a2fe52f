/** The route of dead letters from a queue to a dead-letter queue, and the return route to this queue alone. */
export interface DeadLetterRoute {
  readonly vhost: string
  /** The queue in which the messages failed. */
  readonly queue: string
  readonly deadLetterQueue: string
  /** The exchange and the key with which the broker and the runtime dead-letter a message. */
  readonly exchange: string
  readonly routingKey: string
  /** The route that leads back to this queue only. */
  readonly back: { readonly exchange: string; readonly routingKey: string }
}
