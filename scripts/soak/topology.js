const VHOST = '/'

/** What the soak runs on: a quorum queue and a classic one, each with its retries and dead letters. */
export const TOPOLOGY = `warren: 1
project: soak
exchanges:
  work: { type: direct }
queues:
  quorum: { type: quorum, bindings: [{ exchange: work, routingKey: quorum }], retry: { delays: [500ms, 2s] }, deadLetter: true }
  classic: { type: classic, bindings: [{ exchange: work, routingKey: classic }], retry: { delays: [500ms, 2s] }, deadLetter: true }
publications:
  to-quorum: { exchange: work, routingKey: quorum }
  to-classic: { exchange: work, routingKey: classic }
subscriptions:
  from-quorum: { queue: quorum, prefetch: 100, concurrency: 20, timeout: 20s }
  from-classic: { queue: classic, prefetch: 100, concurrency: 20, timeout: 20s }
`

/** What is to be empty at the end. */
export const WORKING = ['quorum', 'classic'].flatMap((queue) => [queue, `${queue}.retry.500ms`, `${queue}.retry.2s`])
export const DEAD = ['quorum.dead', 'classic.dead']
export { VHOST }
