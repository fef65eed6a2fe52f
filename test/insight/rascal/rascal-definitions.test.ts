import { describe, expect, it } from 'vitest'
import { rascalDefinitions } from '../../../src/insight/rascal/rascal-definitions.ts'

/** The declarations of a config with one virtual host, in short. */
function declared(vhost: object, config: object = {}) {
  const found = rascalDefinitions({ ...config, vhosts: { '/': vhost } })
  if (found === undefined) throw new Error('not a config')
  const { exchanges, queues, bindings } = found.definitions as Record<string, Record<string, unknown>[]>
  return { exchanges, queues, bindings, leftOut: found.leftOut, referred: found.referred }
}

describe('rascalDefinitions', () => {
  it('uses the defaults of rascal: durable topic exchanges, durable queues, the key #', () => {
    const { exchanges, queues, bindings, leftOut } = declared({
      exchanges: ['demo_ex'],
      queues: ['demo_q'],
      bindings: ['demo_ex -> demo_q'],
    })
    const named = { vhost: '/', durable: true, auto_delete: false, arguments: {} }
    expect(exchanges).toEqual([{ ...named, name: 'demo_ex', type: 'topic', internal: false }])
    expect(queues).toEqual([{ ...named, name: 'demo_q' }])
    expect(bindings).toEqual([
      {
        vhost: '/',
        source: 'demo_ex',
        destination: 'demo_q',
        destination_type: 'queue',
        routing_key: '#',
        arguments: {},
      },
    ])
    expect(leftOut).toEqual([])
  })

  it('creates a binding for each key, in every notation of keys', () => {
    const keys = (bindings: unknown) =>
      declared({ exchanges: ['e'], queues: ['q'], bindings }).bindings?.map((each) => each['routing_key'])
    expect(keys(['e[a.#, b.#] -> q'])).toEqual(['a.#', 'b.#'])
    expect(keys({ any: { source: 'e', destination: 'q', bindingKeys: ['a', 'b'] } })).toEqual(['a', 'b'])
    expect(keys({ 'e -> q': { bindingKey: 'a' } })).toEqual(['a'])
  })

  it('adds the namespace to names and dead-letter exchanges in arguments, and to keys on request', () => {
    const { exchanges, queues, bindings } = declared({
      namespace: 'dev',
      exchanges: ['e'],
      queues: { q: { options: { arguments: { 'x-dead-letter-exchange': 'e' } } } },
      bindings: { 'e[q] -> q': { qualifyBindingKeys: true } },
    })
    expect(exchanges).toMatchObject([{ name: 'dev:e' }])
    expect(queues).toMatchObject([{ name: 'dev:q', arguments: { 'x-dead-letter-exchange': 'dev:e' } }])
    expect(bindings).toMatchObject([{ source: 'dev:e', destination: 'dev:q', routing_key: 'dev:q' }])
  })

  it('turns options of amqplib into arguments', () => {
    const options = { durable: false, messageTtl: 60_000, maxLength: 5, arguments: { 'x-queue-mode': 'lazy' } }
    expect(declared({ queues: { q: { options } } }).queues).toMatchObject([
      { durable: false, arguments: { 'x-message-ttl': 60_000, 'x-max-length': 5, 'x-queue-mode': 'lazy' } },
    ])
    expect(
      declared({ exchanges: { e: { type: 'fanout', options: { alternateExchange: 'other' } } } }).exchanges,
    ).toMatchObject([{ type: 'fanout', arguments: { 'alternate-exchange': 'other' } }])
  })

  it('uses the defaults of the config', () => {
    const defaults = { vhosts: { exchanges: { type: 'direct' }, queues: { options: { durable: false } } } }
    expect(declared({ exchanges: ['e'], queues: ['q'] }, { defaults })).toMatchObject({
      exchanges: [{ type: 'direct' }],
      queues: [{ durable: false }],
    })
  })

  it('keeps arguments of the defaults next to those of a queue', () => {
    const defaults = { vhosts: { queues: { options: { arguments: { 'x-queue-type': 'quorum' } } } } }
    const options = { arguments: { 'x-max-length': 5 } }
    expect(declared({ queues: { q: { options } } }, { defaults }).queues).toMatchObject([
      { arguments: { 'x-queue-type': 'quorum', 'x-max-length': 5 } },
    ])
  })

  it.each([
    ['amqp://localhost/orders', 'orders'],
    ['amqp://localhost', '/'],
    [{ vhost: 'orders' }, 'orders'],
    [{ hostname: 'localhost' }, 'key'],
  ])('uses the virtual host of the connection %j', (connection, vhost) => {
    const { definitions } = rascalDefinitions({ vhosts: { key: { connection, queues: ['q'] } } }) ?? {}
    expect(definitions).toMatchObject({ vhosts: [{ name: vhost }], queues: [{ vhost }] })
  })

  it('binds exchanges to exchanges', () => {
    const bindings = { 'a -> b': { destinationType: 'exchange', bindingKey: 'x' } }
    expect(declared({ exchanges: ['a', 'b'], bindings }).bindings).toMatchObject([
      { source: 'a', destination: 'b', destination_type: 'exchange', routing_key: 'x' },
    ])
  })

  it('lists the entries that declare nothing permanent', () => {
    const { queues, bindings, leftOut } = declared(
      {
        namespace: true,
        exchanges: ['e'],
        queues: { replies: { replyTo: true }, checked: { assert: false }, mine: { options: { exclusive: true } } },
        bindings: ['e -> replies', 'gone -> mine'],
        publications: { send: { exchange: 'e' } },
      },
      { subscriptions: { receive: { queue: 'checked' } }, shovels: ['a -> b'] },
    )
    expect({ queues, bindings }).toEqual({ queues: [], bindings: [] })
    expect(leftOut.map(({ address }) => address)).toEqual([
      'vhosts./.namespace',
      'vhosts./.queues.replies',
      'vhosts./.queues.checked',
      'vhosts./.queues.mine',
      'vhosts./.bindings.e -> replies',
      'vhosts./.bindings.gone -> mine',
      'vhosts./.publications.send',
      'subscriptions.receive',
      'shovels.a -> b',
    ])
  })

  it('refers to exchanges that the program does not declare', () => {
    const { referred } = declared({ exchanges: { theirs: { assert: false } } })
    expect([...referred.keys()]).toEqual(['exchange:%2F/theirs'])
  })

  it('finds no config if there are no virtual hosts', () => {
    expect(rascalDefinitions({ queues: [] })).toBeUndefined()
    expect(rascalDefinitions([])).toBeUndefined()
  })
})
