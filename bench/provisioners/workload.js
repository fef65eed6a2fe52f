/**
 * The provisioned objects: an exchange, and queues with a binding each. The first `queues` of them exist; a change
 * adds one in a hundred.
 *
 * @param {number} queues
 */
export function workload(queues) {
  return Array.from({ length: queues }, (_, at) => ({ queue: `queue-${at}`, key: `key-${at}` }))
}

export const EXCHANGE = 'work'
export const PROJECT = 'bench'

/** @param {number} queues how many more a change of 1 % adds */
export function onePercentOf(queues) {
  return Math.max(1, Math.round(queues / 100))
}

/**
 * @param {string} vhost
 * @param {number} queues
 */
export function topologyText(vhost, queues) {
  const lines = workload(queues).map(
    ({ queue, key }) =>
      `  ${queue}:\n    type: classic\n    bindings: [{ exchange: ${EXCHANGE}, routingKey: ${key} }]\n`,
  )
  const head = `warren: 1\nproject: ${PROJECT}\nvhost: ${vhost}\nexchanges:\n  ${EXCHANGE}:\nqueues:\n`
  return head + lines.join('')
}

/** The same objects as definitions of one virtual host, for the broker's own import. @param {number} queues */
export function definitions(queues) {
  return {
    exchanges: [{ name: EXCHANGE, ...exchangeBody(), internal: false }],
    queues: workload(queues).map(({ queue }) => ({ name: queue, ...queueBody() })),
    bindings: workload(queues).map(({ queue, key }) => ({
      source: EXCHANGE,
      destination: queue,
      destination_type: 'queue',
      ...bindingBody(key),
    })),
  }
}

export function exchangeBody() {
  return { type: 'direct', durable: true, auto_delete: false, arguments: {} }
}

export function queueBody() {
  return { durable: true, auto_delete: false, arguments: { 'x-queue-type': 'classic' } }
}

/** @param {string} key */
export function bindingBody(key) {
  return { routing_key: key, arguments: {} }
}
