import { queue } from '../objects.ts'
import type { Declarations } from './declarations.ts'

/**
 * Job queues of Laravel with `reroute_failed`, the queue for failed jobs that users have to declare themselves, and a
 * delayed job in each.
 *
 * Source: vyuldashev/laravel-queue-rabbitmq 14.5.3 `src/Queue/RabbitMQQueue.php`, `src/Queue/QueueConfig.php`.
 */
export function laravel(...jobQueues: readonly string[]): Declarations {
  return {
    exchanges: [],
    queues: jobQueues.flatMap((name) => [
      queue(name, { arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': `${name}.failed` } }),
      queue(`${name}.failed`),
      queue(`${name}.delay.30000`, {
        arguments: {
          'x-dead-letter-exchange': '',
          'x-dead-letter-routing-key': name,
          'x-message-ttl': 30_000,
          'x-expires': 60_000,
        },
      }),
    ]),
    bindings: [],
  }
}
