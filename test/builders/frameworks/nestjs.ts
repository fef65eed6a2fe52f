import { binding, exchange, queue } from '../objects.ts'
import type { Declarations } from './declarations.ts'

/**
 * A microservice of NestJS whose queue is declared by server and clients alike, and one with `wildcards`, which has a topic
 * exchange named like its queue. Replies use direct reply-to, so nothing else is declared.
 *
 * Source: @nestjs/microservices 12.1.1 `server/server-rmq.js`, `client/client-rmq.js`.
 */
export function nestMicroservices(plain: string, wildcards: string, ...patterns: readonly string[]): Declarations {
  return {
    exchanges: [exchange(wildcards, { type: 'topic' })],
    queues: [queue(plain), queue(wildcards)],
    bindings: patterns.map((pattern) => binding(wildcards, wildcards, { routingKey: pattern })),
  }
}
