const VHOST = '/'

/**
 * The delay queues of the classic queue need these properties, so that a message that waits there while a node is
 * killed is not lost.
 */
const SAFE =
  'type: quorum, overflow: reject-publish, arguments: { x-dead-letter-exchange: classic.failed, x-dead-letter-routing-key: back, x-dead-letter-strategy: at-least-once }'

/**
 * The topology of the soak: a quorum queue and a classic one, each with its retries and dead letters. Messages of
 * both wait for a retry in quorum queues, because a classic queue dead-letters at most once.
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
  classic.retry.500ms: { messageTtl: 500ms, ${SAFE} }
  classic.retry.2s: { messageTtl: 2s, ${SAFE} }
publications:
  to-quorum: { exchange: work, routingKey: quorum }
  to-classic: { exchange: work, routingKey: classic }
subscriptions:
  from-quorum: { queue: quorum, prefetch: 100, concurrency: 20, timeout: 20s }
  from-classic: { queue: classic, prefetch: 100, concurrency: 20, timeout: 20s }
`

/** The queues that have to be empty at the end. */
export const WORKING = ['quorum', 'classic'].flatMap((queue) => [queue, `${queue}.retry.500ms`, `${queue}.retry.2s`])
export const DEAD = ['quorum.dead', 'classic.dead']
export { VHOST }
