type Arguments = Readonly<Record<string, unknown>>

/** Sends dead letters to a queue. */
export const deadLettersTo = (to: string, more: Arguments = {}) => ({
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': to,
  ...more,
})
/** Situations that the rules of lint find, as definitions of a vhost. */
export const LINT_SITUATIONS = {
  exchanges: Object.entries({
    direct: 'direct',
    headers: 'headers',
    nested: 'headers',
    topic: 'topic',
    unbound: 'fanout',
    alternate: 'fanout',
    missing: 'fanout',
    hash: 'x-consistent-hash',
  }).map(([name, type]) => ({
    name,
    type,
    durable: true,
    auto_delete: false,
    internal: false,
    arguments: {
      ...(name === 'alternate' && { 'alternate-exchange': 'unbound' }),
      ...(name === 'missing' && { 'alternate-exchange': 'not-declared' }),
      ...(name === 'hash' && { 'hash-header': 'tenant' }),
    },
  })),
  queues: Object.entries({
    seen: {},
    'hash-1': {},
    'hash-2': {},
    looping: deadLettersTo('looping'),
    rejecting: { 'x-dead-letter-exchange': 'unbound', 'x-dead-letter-routing-key': 'lost' },
    'at-once': {
      'x-dead-letter-exchange': 'unbound',
      'x-dead-letter-strategy': 'at-least-once',
      'x-queue-type': 'quorum',
    },
    returning: { 'x-queue-type': 'quorum' },
    'cycle-a': deadLettersTo('cycle-b', { 'x-message-ttl': 1 }),
    'cycle-b': deadLettersTo('cycle-a', { 'x-message-ttl': 1 }),
    entrance: deadLettersTo('round-a'),
    'round-a': deadLettersTo('round-b', { 'x-message-ttl': 5 }),
    'round-b': deadLettersTo('round-a', { 'x-message-ttl': 5 }),
    expiring: deadLettersTo('seen', { 'x-message-ttl': 600_000, 'x-expires': 600_000 }),
    waiting: deadLettersTo('seen', { 'x-message-ttl': 60_000 }),
    clock: deadLettersTo('seen'),
    full: { 'x-max-length': 1 },
    occupied: { 'x-max-length': 1, 'x-overflow': 'reject-publish' },
    'classic-delay': deadLettersTo('occupied', { 'x-message-ttl': 1 }),
    'quorum-delay': deadLettersTo('occupied', {
      'x-message-ttl': 1,
      'x-queue-type': 'quorum',
      'x-overflow': 'reject-publish',
      'x-dead-letter-strategy': 'at-least-once',
    }),
    shadowed: {},
  }).map(([name, table]) => ({ name, durable: true, auto_delete: false, arguments: table })),
  bindings: (
    [
      ['direct', 'seen', 'orders.*', {}],
      ['headers', 'seen', '', { 'x-match': 'any' }],
      ['nested', 'seen', '', { 'x-match': 'all', sizes: [1, 2] }],
      ['topic', 'seen', 'a.*', {}],
      ['topic', 'seen', 'a.#', {}],
      ['hash', 'hash-1', '1', {}],
      ['hash', 'hash-2', '1', {}],
    ] as const
  ).map(([source, destination, key, table]) => {
    return { source, destination, destination_type: 'queue', routing_key: key, arguments: table }
  }),
  policies: (
    [
      ['dead-letters', 0, { 'dead-letter-exchange': '', 'dead-letter-routing-key': 'seen' }],
      ['limit', 1, { 'max-length': 100 }],
    ] as const
  ).map(([name, priority, definition]) => ({
    name,
    pattern: '^shadowed$',
    'apply-to': 'queues',
    priority,
    definition,
  })),
}
