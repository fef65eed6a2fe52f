import { binding, exchange, queue } from '../objects.ts'
import type { Declarations } from './declarations.ts'

/**
 * Workers of Sneakers with the handler `Maxretry` and the default exchange.
 *
 * Source: jondot/sneakers 2.13.0.pre `lib/sneakers/handlers/maxretry.rb`, `lib/sneakers/queue.rb`,
 * `lib/sneakers/configuration.rb`.
 */
export function sneakers(...workers: readonly string[]): Declarations {
  return {
    exchanges: [
      exchange('sneakers'),
      ...workers.flatMap((name) =>
        [`${name}-retry`, `${name}-error`, `${name}-retry-requeue`].map((each) => exchange(each, { type: 'topic' })),
      ),
    ],
    queues: workers.flatMap((name) => [
      queue(name, { arguments: { 'x-dead-letter-exchange': `${name}-retry` } }),
      queue(`${name}-retry`, {
        arguments: { 'x-dead-letter-exchange': `${name}-retry-requeue`, 'x-message-ttl': 60_000 },
      }),
      queue(`${name}-error`),
    ]),
    bindings: workers.flatMap((name) => [
      binding('sneakers', name, { routingKey: name }),
      binding(`${name}-retry`, `${name}-retry`, { routingKey: '#' }),
      binding(`${name}-error`, `${name}-error`, { routingKey: '#' }),
      binding(`${name}-retry-requeue`, name, { routingKey: '#' }),
    ]),
  }
}
