import { binding, exchange, queue } from '../objects.ts'
import type { Declarations } from './declarations.ts'

/**
 * An application with `@golevelup/nestjs-rabbitmq`: configured exchanges of the default type, and handlers that each
 * declare their queue and bind it. The application chooses all names, and replies use direct reply-to.
 *
 * Source: golevelup/nestjs, @golevelup/nestjs-rabbitmq 9.0.2 `packages/rabbitmq/src/amqp/connection.ts`.
 */
export function golevelup(events: string, handlers: Readonly<Record<string, string>>): Declarations {
  return {
    exchanges: [exchange(events, { type: 'topic' })],
    queues: Object.keys(handlers).map((name) => queue(name)),
    bindings: Object.entries(handlers).map(([name, routingKey]) => binding(events, name, { routingKey })),
  }
}
