const VHOST = '/'

/**
 * The delay queues of the classic queue need these properties, so that a message that waits there while a node is
 * killed is not lost.
 */
const SAFE =
  'type: quorum, overflow: reject-publish, arguments: { x-dead-letter-exchange: classic.failed, x-dead-letter-routing-key: back, x-dead-letter-strategy: at-least-once }'

/**
 * The topology of the soak: a quorum queue and a classic one, each with its retries and dead letters. Messages of
 * both wait for a retry in quorum queues, because a classic queue dead-letters at most once. The quorum queue gets two
 * versions of its messages, some of them delayed, and the classic one compressed messages. Another queue is consumed in
 * batches, and one gets requests.
 */
export const TOPOLOGY = `warren: 1
project: soak
exchanges:
  work: { type: direct }
queues:
  quorum: { type: quorum, bindings: [{ exchange: work, routingKey: quorum }], retry: { delays: [500ms, 2s] }, deadLetter: true }
  classic:
    type: classic
    bindings: [{ exchange: work, routingKey: classic }]
    retry: { delays: [{ delay: 500ms, queue: classic.retry.500ms }, { delay: 2s, queue: classic.retry.2s }] }
    deadLetter: true
  batches: { type: quorum, bindings: [{ exchange: work, routingKey: batches }], retry: { delays: [500ms, 2s] }, deadLetter: true }
  requests: { type: quorum, bindings: [{ exchange: work, routingKey: request }] }
  classic.retry.500ms: { messageTtl: 500ms, ${SAFE} }
  classic.retry.2s: { messageTtl: 2s, ${SAFE} }
publications:
  to-quorum: { exchange: work, routingKey: quorum, delays: [1s], message: { version: 2 } }
  to-quorum-before: { exchange: work, routingKey: quorum, message: { version: 1 } }
  to-classic: { exchange: work, routingKey: classic, message: { encoding: gzip } }
  to-batches: { exchange: work, routingKey: batches }
requests:
  double: { exchange: work, routingKey: request, subscription: doublers, timeout: 5s }
subscriptions:
  from-quorum: { queue: quorum, prefetch: 100, concurrency: 20, timeout: 20s, message: { version: 2, accepts: [1, 2] } }
  from-classic: { queue: classic, prefetch: 100, concurrency: 20, timeout: 20s, message: { encoding: gzip } }
  from-batches: { queue: batches, timeout: 20s }
  doublers: { queue: requests, concurrency: 20 }
`

/** The queues that have to be empty at the end. */
export const WORKING = [
  ...['quorum', 'classic', 'batches'].flatMap((queue) => [queue, `${queue}.retry.500ms`, `${queue}.retry.2s`]),
  'work.delay.1s',
]
export const DEAD = ['quorum.dead', 'classic.dead', 'batches.dead']
export { VHOST }
