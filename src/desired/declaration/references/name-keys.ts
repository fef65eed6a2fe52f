/**
 * Keys whose values are names, addresses or routing keys. A broker shows these to all users, so they cannot be
 * secret.
 */
const NAMES = new Set([
  'project',
  'projectRenamedFrom',
  'vhost',
  'name',
  'queue',
  'exchange',
  'source',
  'destination',
  'routingKey',
  'alternateExchange',
  'renamedFrom',
  'partitions',
  'alternate-exchange',
  'dead-letter-exchange',
  'dead-letter-routing-key',
  'x-dead-letter-exchange',
  'x-dead-letter-routing-key',
  'federation-upstream',
  'federation-upstream-set',
  'upstream',
  'src-queue',
  'src-exchange',
  'src-exchange-key',
  'src-address',
  'dest-queue',
  'dest-exchange',
  'dest-exchange-key',
  'dest-address',
])

/** Lists of names, and the delays of retries, which name the delay queues. */
const LISTS_OF_NAMES = new Set(['bindings', 'bindingKeys', 'publish', 'consume', 'delays', 'CC', 'BCC', 'takesOver'])

/** Whether the value of a key is a name or a part of one. */
export function isNameKey(key: string | number): boolean {
  return typeof key === 'string' && NAMES.has(key)
}

/** Whether the items of a list are names or parts of names. */
export function listsNames(key: string | number): boolean {
  return typeof key === 'string' && LISTS_OF_NAMES.has(key)
}
