import { binding, exchange, queue } from '../objects.ts'
import type { Declarations } from './declarations.ts'

/**
 * A transport of Symfony Messenger with its default settings, and a message that is retried after one second.
 *
 * Source: symfony/amqp-messenger 7.0.4 `Transport/Connection.php`.
 */
export function symfonyMessenger(transport: string): Declarations {
  const retry = `delay_${transport}__1000_retry`
  return {
    exchanges: [exchange(transport, { type: 'fanout' }), exchange('delays')],
    queues: [
      queue(transport),
      queue(retry, {
        arguments: {
          'x-message-ttl': 1000,
          'x-expires': 11_000,
          'x-dead-letter-exchange': '',
          'x-dead-letter-routing-key': transport,
        },
      }),
    ],
    bindings: [binding(transport, transport), binding('delays', retry, { routingKey: retry })],
  }
}
