const LONG = `^(${Array.from({ length: 150 }, (_, at) => `queue-${at}`).join('|')})$`

/** The number of messages in the mirrored queue. */
export const MIRRORED = 100

/** The expected content of the report: a feature, and the address of the object if there is one. */
export const EXPECTED = [
  'mirroring queue:shop/mirrored',
  'mirroring policy:shop/ha',
  'master-locator queue:shop/located',
  'master-locator policy:shop/located',
  'lazy-queues queue:shop/lazy',
  'lazy-queues policy:shop/lazy',
  'classic-storage queue:shop/first-version',
  'classic-storage policy:shop/first-version',
  'classic-storage',
  'in-memory-limits policy:shop/in-memory',
  'transient-queues queue:shop/transient',
  'delivery-limit queue:shop/returns',
  'delivery-limit queue:shop/returns-dead',
  'queue-arguments queue:shop/timeout',
  'long-expressions permission:shop/app',
  'long-expressions policy:shop/long',
  'binding-keys binding:shop/topic/queue/lazy/%23.a.%23.b.%23',
  'dead-letter-cycle-by-version queue:shop/work',
  'small-frames',
  'global-qos',
  'frameworks',
]

/** Declares objects with features that versions after 3.10 remove or change. */
export async function fillBroker(api, open) {
  await api('PUT', 'vhosts/shop')
  await api('PUT', 'users/app', { password: 'app', tags: '' })
  await api('PUT', 'permissions/shop/app', { configure: LONG, write: '.*', read: '.*' })
  const queue = (name, table = {}, more = {}) =>
    api('PUT', `queues/shop/${name}`, { durable: true, arguments: table, ...more })
  const policy = (name, pattern, definition) =>
    api('PUT', `policies/shop/${name}`, { pattern, 'apply-to': 'queues', definition })
  await policy('ha', '^mirrored$', { 'ha-mode': 'all', 'max-length': 1_000 })
  await policy('lazy', '^lazy-by-policy$', { 'queue-mode': 'lazy' })
  await policy('located', '^located-by-policy$', { 'queue-master-locator': 'min-masters', 'max-length': 10 })
  await policy('first-version', '^version-by-policy$', { 'queue-version': 1 })
  await policy('in-memory', '^returns', { 'max-in-memory-length': 100 })
  await policy('long', LONG, { 'max-length': 10 })
  for (const name of ['mirrored', 'lazy-by-policy', 'located-by-policy', 'version-by-policy']) await queue(name)
  await queue('lazy', { 'x-queue-mode': 'lazy' })
  await queue('located', { 'x-queue-master-locator': 'client-local' })
  await queue('first-version', { 'x-queue-version': 1 })
  await queue('timeout', { 'x-consumer-timeout': 60_000 })
  await queue('transient', {}, { durable: false })
  await queue('auto-delete', {}, { auto_delete: true })
  await queue('returns', { 'x-queue-type': 'quorum' })
  await queue('returns-dead', { 'x-queue-type': 'quorum', 'x-dead-letter-exchange': 'amq.topic' })
  // Rejected messages circle between two queues in which they expire.
  const toOther = (name) => ({ 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': name })
  await queue('work', toOther('wait'))
  await queue('wait', { ...toOther('again'), 'x-message-ttl': 5_000 })
  await queue('again', { ...toOther('wait'), 'x-message-ttl': 5_000 })
  await api('PUT', 'exchanges/shop/topic', { type: 'topic', durable: true })
  await api('POST', 'bindings/shop/e/topic/q/lazy', { routing_key: '#.a.#.b.#' })
  // As Celery declares it.
  await api('PUT', 'exchanges/shop/celeryev', { type: 'topic', durable: true })
  const connection = await open('shop')
  const channel = await connection.createConfirmChannel()
  for (let n = 0; n < MIRRORED; n++) channel.sendToQueue('mirrored', Buffer.from(String(n)), { persistent: true })
  await channel.waitForConfirms()
  await connection.close()
}

/** Programs with small frames, and with a prefetch for a whole channel. */
export async function startOldPrograms(open) {
  const small = await open('frameMax=4096')
  const channel = await small.createChannel()
  await channel.prefetch(5, true)
  await channel.consume('lazy', () => undefined)
  return { small, open }
}

/**
 * Follows the advice of the report that has no command: larger frames, prefetch for each consumer, durable queues,
 * and the end of a cycle of dead letters in a queue without a time to live.
 */
export async function updatePrograms({ small, open }, api) {
  await small.close()
  const connection = await open('frameMax=131072')
  const channel = await connection.createChannel()
  await channel.prefetch(5)
  await channel.consume('lazy', () => undefined)
  for (const name of ['transient', 'again']) await api('DELETE', `queues/shop/${name}`)
  await api('PUT', 'queues/shop/again', { durable: true, arguments: {} })
  await channel.assertQueue('transient', { durable: true, arguments: { 'x-expires': 3_600_000 } })
  return connection
}
