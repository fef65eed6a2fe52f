import type { Binding } from '../topology.ts'

/**
 * Whether RabbitMQ, 3.10 to 4.3, makes a binding and then answers 500 to that and to every later list of bindings with it:
 * it has arguments, and its routing key has a `~` before its end (rabbit_mgmt_format, quote_binding).
 */
export function isUnlistable({ routingKey, arguments: table }: Pick<Binding, 'routingKey' | 'arguments'>): boolean {
  return Object.keys(table).length > 0 && routingKey.includes('~') && !routingKey.endsWith('~')
}
