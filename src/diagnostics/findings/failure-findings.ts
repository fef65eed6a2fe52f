import { error } from './kind.ts'

/** Findings about declared failure paths: retries, dead letters, and their derived queues. */
export const failureFindings = {
  'retry-form': error(() => ({
    message: 'retry has none of its possible forms',
    hint: 'write { delays: [5s, 30s, 5m] }, { delay: 30s, attempts: 3 }, or { initial: 1s, factor: 4, max: 5m, attempts: 6 }',
  })),
  'native-needs-quorum': error((args: { type: string }) => ({
    message: `mode: native is the delayed retry of quorum queues, and this one is ${args.type}`,
    hint: 'make the queue a quorum queue, or leave out mode',
  })),
  'native-not-linear': error(() => ({
    message:
      'mode: native waits n times the first delay after the nth failure, up to the last delay, and these delays differ',
    hint: 'write { mode: native, initial: 5s, max: 1m, attempts: 20 } or { mode: native, delay: 30s, attempts: 3 }, at least 1ms, or leave out mode',
  })),
  'native-has-no-queues': error((args: { property: string }) => ({
    message: `with mode: native messages wait in the queue itself, so ${args.property} has no effect`,
    hint: `remove ${args.property}, or leave out mode`,
  })),
  'native-limit-too-low': error((args: { limit: number; attempts: number }) => ({
    message: `the broker would remove a message after ${args.limit} returns, before its ${args.attempts} retries are used up`,
    hint: 'leave out the limit, or raise it',
  })),
  'no-delay-queue': error((args: { queue: string }) => ({
    message: `a message with a delay of 0s returns at once and does not wait in a queue`,
    hint: `remove queue: ${args.queue}`,
  })),
  'delay-named-twice': error((args: { delay: string; queues: readonly string[] }) => ({
    message: `the delay ${args.delay} has two queues: ${args.queues.map((each) => `"${each}"`).join(' and ')}`,
    hint: 'messages with the same delay wait in the same queue: keep one name',
  })),
  'via-needs-routing-key': error((args: { exchange: string; type: string }) => ({
    message: `via leads through the ${args.type} exchange "${args.exchange}" without a routing key`,
    hint: 'write the routingKey by which the queue is bound there',
  })),
  'retry-without-dead-letter': error(() => ({
    message: 'retry does not declare what happens to messages that fail after the last delay',
    hint: 'add deadLetter: true to the queue to keep them, or then: discard to retry to drop them',
  })),
  'discard-and-dead-letter': error(() => ({
    message: 'then: discard drops what deadLetter keeps',
    hint: 'remove one of them',
  })),
  'retry-into-full-queue': error(() => ({
    message: 'a message that returns from a delay to a full classic queue with overflow: reject-publish would be lost',
    hint: 'write overflow: reject-publish-dlx, which dead-letters it, or make the queue a quorum queue',
  })),

  'at-least-once-impossible': error((args: { type?: string | undefined; overflow?: string }) => ({
    message:
      args.overflow === undefined
        ? `strategy: at-least-once needs a quorum queue${args.type === undefined ? '' : `, and this one is ${args.type}`}`
        : `strategy: at-least-once needs overflow: reject-publish, and this queue has ${args.overflow}: the broker would fall back to at-most-once`,
    hint:
      args.overflow === undefined ? 'write type: quorum, or remove strategy' : 'remove overflow, or remove strategy',
  })),
  'dead-letter-key-is-fixed': error((args: { routingKey: string }) => ({
    message: `without exchange:, deadLetter always has the routing key "dead", not "${args.routingKey}"`,
    hint: 'remove routingKey, or write the exchange that it is for',
  })),
  'dead-letter-exchange-type': error((args: { exchange: string; type: string }) => ({
    message: `a dead-letter queue cannot be bound to the ${args.type} exchange "${args.exchange}" by a routing key`,
    hint: 'write queue: false, and bind a queue to the exchange yourself',
  })),
  'internal-exchange': error((args: { exchange: string }) => ({
    message: `exchange "${args.exchange}" is internal, and programs cannot publish to it`,
    hint: 'name another exchange, or remove internal: true from this one',
  })),
  'dead-letters-to-itself': error((args: { queue: string }) => ({
    message: `queue "${args.queue}" cannot be its own dead-letter queue`,
    hint: 'give the dead-letter queue another name',
  })),
  'dead-letters-lost': error((args: { exchange: string }) => ({
    message: `with queue: false dead letters go to exchange "${args.exchange}", where nothing receives them`,
    hint: `remove queue: false, name an exchange, or bind a queue to "${args.exchange}" with the routing key "dead"`,
  })),
  'more-queues-than-limit': error((args: { queues: number; derived: number; limit: number }) => ({
    message: `the files have ${args.queues} queues in this vhost${args.derived === 0 ? '' : ` (${args.derived} of them derived)`}, and its limit is ${args.limit}`,
    hint: `raise maxQueues to ${args.queues + 1}, which leaves room for the lock of an apply, or declare fewer queues`,
  })),
  'limits-without-queue': error((args: { property: string }) => ({
    message: `${args.property} describes the dead-letter queue, but queue: false creates none`,
    hint: `remove ${args.property}, or queue: false`,
  })),
  'dead-letter-limits-twice': error((args: { queue: string; of: string }) => ({
    message: `queue "${args.queue}" is also declared separately, but deadLetter of queue "${args.of}" sets its limits too`,
    hint: `move the limits to the declaration of "${args.queue}"`,
  })),

  'derived-name-too-long': error((args: { name: string; bytes: number; of: string }) => ({
    message: `queue "${args.of}" needs "${args.name}", a name of ${args.bytes} bytes`,
    hint: 'the broker allows at most 255: shorten the name of the queue',
  })),
  'derived-name-taken': error((args: { kind: 'exchange' | 'queue'; name: string; of: string }) => ({
    message: `${args.kind} "${args.name}" is declared, and queue "${args.of}" creates one with this name for failed messages`,
    hint:
      args.kind === 'queue'
        ? `rename one of them, or write queue: "${args.name}" in retry or deadLetter of "${args.of}" to use the declared one`
        : 'rename one of them, or remove the declaration',
  })),
  'derived-queue-differs': error(
    (args: { queue: string; of: string; purpose: 'dead-letter' | 'delay'; properties: readonly string[] }) => ({
      message: `queue "${args.queue}" differs from the ${args.purpose} queue that queue "${args.of}" needs`,
      hint: `it needs ${args.properties.join(', ')}`,
    }),
  ),
}
