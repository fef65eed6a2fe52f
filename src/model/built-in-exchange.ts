/**
 * Whether an exchange is the broker's own: the default exchange and all `amq.` exchanges exist in every vhost, and
 * clients cannot declare or delete them.
 */
export function isBuiltInExchange(name: string): boolean {
  return name === '' || name.startsWith('amq.')
}

/** A built-in exchange of every virtual host, or one that a plugin or logging adds. */
export interface BuiltInExchange {
  readonly type: string
  /** Clients cannot publish to it. */
  readonly internal: boolean
}

/** The exchanges that every virtual host has, by name (rabbit_vhost, default exchanges). */
export const EXCHANGES_OF_EVERY_VHOST: ReadonlyMap<string, BuiltInExchange> = new Map([
  ['', { type: 'direct', internal: false }],
  ['amq.direct', { type: 'direct', internal: false }],
  ['amq.fanout', { type: 'fanout', internal: false }],
  ['amq.headers', { type: 'headers', internal: false }],
  ['amq.match', { type: 'headers', internal: false }],
  ['amq.rabbitmq.trace', { type: 'topic', internal: true }],
  ['amq.topic', { type: 'topic', internal: false }],
])

/** All built-in exchanges with a known type, including those that only some virtual hosts have. */
export const BUILT_IN_EXCHANGES: ReadonlyMap<string, BuiltInExchange> = new Map([
  ...EXCHANGES_OF_EVERY_VHOST,
  // rabbit_exchange_type_event and rabbit_logger_exchange_h
  ['amq.rabbitmq.event', { type: 'topic', internal: true }],
  ['amq.rabbitmq.log', { type: 'topic', internal: true }],
])
