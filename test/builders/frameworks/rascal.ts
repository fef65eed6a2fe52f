import { binding, exchange, queue } from '../objects.ts'
import type { Declarations } from './declarations.ts'

const ID = '3b241101-e2bb-4255-8caf-4136c566a962'

/**
 * The service of rascal's advanced example, its reply queue, and what a test run with `namespace: true` left behind.
 *
 * Sources: onebeyond/rascal 21.0.1 `examples/advanced/config.js`, `lib/config/fqn.js`, `lib/config/configure.js`,
 * `lib/config/baseline.js`.
 */
export function rascal(service: string): Declarations {
  const save = `${service}:user:save`
  return {
    exchanges: ['service', 'delay', 'retry', 'dead_letters', `${ID}:service`].map((name) =>
      exchange(name, { type: 'topic' }),
    ),
    queues: [
      queue(save, {
        arguments: { 'x-dead-letter-exchange': 'dead_letters', 'x-dead-letter-routing-key': `${service}.dead_letter` },
      }),
      queue('delay:1m', { arguments: { 'x-message-ttl': 60_000, 'x-dead-letter-exchange': 'retry' } }),
      queue(`dead_letters:${service}`),
      queue(`replies:${ID}`, { durable: false, autoDelete: true }),
      queue(`${ID}:${save}`),
    ],
    bindings: [
      binding('service', save, { routingKey: 'webapp.user.created.#' }),
      binding('service', save, { routingKey: 'webapp.user.updated.#' }),
      binding('delay', 'delay:1m', { routingKey: 'delay.1m' }),
      binding('retry', save, { routingKey: `${save}.#` }),
      binding('dead_letters', `dead_letters:${service}`, { routingKey: `${service}.dead_letter` }),
      binding(`${ID}:service`, `${ID}:${save}`, { routingKey: 'webapp.user.created.#' }),
    ],
  }
}
