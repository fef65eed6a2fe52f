import { binding, exchange, queue } from '../objects.ts'
import type { Declarations } from './declarations.ts'

const ANONYMOUS = 'anonymous.W9MYbXeRTg2uGxDZr1qHvA'

/**
 * A destination with consumer groups that have `autoBindDlq` and `republishToDlq`, and one consumer without a group.
 *
 * Sources: spring-cloud/spring-cloud-stream 5.0.3 `RabbitExchangeQueueProvisioner.java`, `RabbitConsumerProperties.java`;
 * spring-projects/spring-amqp `AnonymousQueue.java`.
 */
export function springCloudStream(destination: string, ...groups: readonly string[]): Declarations {
  const queues = groups.map((group) => `${destination}.${group}`)
  return {
    exchanges: [exchange(destination, { type: 'topic' }), exchange('DLX')],
    queues: [
      ...queues.flatMap((name) => [
        queue(name, { arguments: { 'x-dead-letter-exchange': 'DLX', 'x-dead-letter-routing-key': name } }),
        queue(`${name}.dlq`),
      ]),
      queue(`${destination}.${ANONYMOUS}`, {
        durable: false,
        autoDelete: true,
        arguments: { 'x-queue-leader-locator': 'client-local' },
      }),
    ],
    bindings: [
      ...queues.flatMap((name) => [
        binding(destination, name, { routingKey: '#' }),
        binding('DLX', `${name}.dlq`, { routingKey: name }),
      ]),
      binding(destination, `${destination}.${ANONYMOUS}`, { routingKey: '#' }),
    ],
  }
}
