import type { ValueRule } from './value-rule.ts'

/** An optional argument of an exchange whose value the broker checks. */
export interface ExchangeArgument {
  readonly name: string
  readonly value: ValueRule
  /** Its effect, in one sentence. */
  readonly effect: string
  /** The only type that supports the argument; absent if every type does. */
  readonly type?: string
  /** Another argument that the broker does not allow together with this one. */
  readonly excludes?: string
}

const TEXT: ValueRule = { form: 'text' }

/**
 * The arguments of exchanges that RabbitMQ 3.10 to 4.3 checks (rabbit_exchange:check_type and the exchange types'
 * `validate`). Exchanges accept every other argument, because plugins may use it.
 */
export const EXCHANGE_ARGUMENTS: readonly ExchangeArgument[] = [
  { name: 'alternate-exchange', value: TEXT, effect: 'Publishes messages that no binding takes to this exchange.' },
  {
    name: 'hash-header',
    type: 'x-consistent-hash',
    value: TEXT,
    excludes: 'hash-property',
    effect: 'Chooses the destination by this header instead of the routing key.',
  },
  {
    name: 'hash-property',
    type: 'x-consistent-hash',
    value: { form: 'one-of', values: ['correlation_id', 'message_id', 'timestamp'] },
    effect: 'Chooses the destination by this property instead of the routing key.',
  },
  {
    name: 'x-recent-history-length',
    type: 'x-recent-history',
    value: { form: 'integer', minimum: 1 },
    effect: 'When a queue is bound, delivers this many of the last messages to it. Default: 20.',
  },
]
