import { describe, expect, it } from 'vitest'
import type { DeadLetterSection, QueueSection } from '../../../../src/desired/declaration/document.ts'
import { at, expanded, found, type Sections } from '../declared.ts'

interface Result {
  readonly arguments: unknown
  readonly bindings: readonly string[]
  readonly others: readonly unknown[]
  readonly rule: unknown
}

function resultOf(section: QueueSection, sections: Sections = {}): Result {
  const { topology, routes } = expanded({
    ...sections,
    queues: { q: section, ...sections.queues },
    subscriptions: { s: { queue: 'q' } },
  })
  return {
    arguments: topology.queues.find(({ name }) => name === 'q')?.arguments,
    bindings: topology.bindings.map(
      ({ source, routingKey, destination }) => `${source} ${routingKey} -> ${destination}`,
    ),
    others: topology.queues
      .filter(({ name }) => name !== 'q')
      .map(({ name, type, arguments: table, external }) => ({
        name,
        type,
        arguments: table,
        ...(external && { external }),
      })),
    rule: routes.subscriptions[0]?.failure,
  }
}

const TO_FAILED = { 'x-dead-letter-exchange': 'q.failed', 'x-dead-letter-routing-key': 'dead' }
const AT_LEAST_ONCE = { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }

describe('deadLetter', () => {
  it('declares a classic queue behind <queue>.failed for a classic queue', () => {
    expect(resultOf({ type: 'classic', deadLetter: true })).toEqual({
      arguments: TO_FAILED,
      bindings: ['q.failed back -> q', 'q.failed dead -> q.dead'],
      others: [{ name: 'q.dead', type: 'classic', arguments: {} }],
      rule: {
        kind: 'ladder',
        exchange: 'q.failed',
        delays: [],
        last: { exchange: 'q.failed', routingKey: 'dead' },
      },
    })
  })

  it('declares at-least-once dead letters for a quorum queue, which peeking does not drop (pitfalls 37, 40)', () => {
    expect(resultOf({ type: 'quorum', deliveryLimit: 5, deadLetter: true })).toEqual({
      arguments: { 'x-delivery-limit': 5, ...TO_FAILED, ...AT_LEAST_ONCE },
      bindings: ['q.failed back -> q', 'q.failed dead -> q.dead'],
      others: [{ name: 'q.dead', type: 'quorum', arguments: { 'x-delivery-limit': 1_000_000 } }],
      rule: {
        kind: 'ladder',
        exchange: 'q.failed',
        delays: [],
        last: { exchange: 'q.failed', routingKey: 'dead' },
        deliveryLimit: 5,
      },
    })
  })

  it.each<[QueueSection, object]>([
    [{ deadLetter: { strategy: 'at-most-once' } }, TO_FAILED],
    [
      { deadLetter: true, overflow: 'drop-head' },
      { 'x-overflow': 'drop-head', ...TO_FAILED },
    ],
    [
      { deadLetter: true, arguments: { 'x-overflow': 'drop-head' } },
      { 'x-overflow': 'drop-head', ...TO_FAILED },
    ],
    [
      { deadLetter: true, overflow: 'reject-publish' },
      { ...TO_FAILED, ...AT_LEAST_ONCE },
    ],
    [{ deadLetter: { strategy: 'at-least-once' } }, { ...TO_FAILED, ...AT_LEAST_ONCE }],
    [
      { deadLetter: { strategy: 'at-most-once' }, overflow: 'reject-publish' },
      { 'x-overflow': 'reject-publish', ...TO_FAILED },
    ],
  ])('uses the dead-letter settings of a quorum queue: %j', (section, table) => {
    expect(resultOf({ type: 'quorum', ...section }).arguments).toEqual(table)
  })

  it('that is false declares nothing', () => {
    expect(resultOf({ deadLetter: false })).toEqual({
      arguments: {},
      bindings: [],
      others: [],
      rule: { kind: 'onFailure', action: 'requeue' },
    })
  })

  it('has its own limits', () => {
    const deadLetter = { messageTtl: '14d', maxLength: 1_000, maxLengthBytes: '1GiB' }

    expect(resultOf({ type: 'quorum', deadLetter }).others).toEqual([
      {
        name: 'q.dead',
        type: 'quorum',
        arguments: {
          'x-delivery-limit': 1_000_000,
          'x-message-ttl': 1_209_600_000,
          'x-max-length': 1_000,
          'x-max-length-bytes': 1_073_741_824,
        },
      },
    ])
  })

  it('uses another exchange, with the name of the queue as key', () => {
    const dlx = { exchanges: { dlx: {} } }

    expect(resultOf({ type: 'classic', deadLetter: { exchange: 'dlx' } }, dlx)).toEqual({
      arguments: { 'x-dead-letter-exchange': 'dlx', 'x-dead-letter-routing-key': 'q' },
      bindings: ['dlx q -> q.dead', 'q.failed back -> q'],
      others: [{ name: 'q.dead', type: 'classic', arguments: {} }],
      rule: { kind: 'ladder', exchange: 'q.failed', delays: [], last: { exchange: 'dlx', routingKey: 'q' } },
    })
  })

  it.each<[string, string | undefined, string]>([
    ['direct', 'failed', 'dlx failed -> q.dead'],
    ['topic', undefined, 'dlx q -> q.dead'],
    ['fanout', undefined, 'dlx  -> q.dead'],
    ['fanout', 'failed', 'dlx  -> q.dead'],
  ])('is bound to a %s exchange according to its type (key %s)', (type, routingKey, binding) => {
    const deadLetter = { exchange: 'dlx', ...(routingKey !== undefined && { routingKey }) }
    const { bindings, rule } = resultOf({ type: 'classic', deadLetter }, { exchanges: { dlx: { type } } })

    expect(bindings).toEqual([binding, 'q.failed back -> q'])
    expect(rule).toMatchObject({ last: { exchange: 'dlx', routingKey: routingKey ?? 'q' } })
  })

  it('needs no separate queue if a headers exchange has one', () => {
    const exchanges = { dlx: { type: 'headers' } }
    const graveyard = { graveyard: { bindings: ['dlx'] } }

    expect(
      resultOf({ type: 'classic', deadLetter: { exchange: 'dlx', queue: false } }, { exchanges, queues: graveyard }),
    ).toEqual({
      arguments: { 'x-dead-letter-exchange': 'dlx', 'x-dead-letter-routing-key': 'q' },
      bindings: ['dlx  -> graveyard', 'q.failed back -> q'],
      others: [{ name: 'graveyard', type: undefined, arguments: {} }],
      rule: { kind: 'ladder', exchange: 'q.failed', delays: [], last: { exchange: 'dlx', routingKey: 'q' } },
    })
    expect(found({ exchanges, queues: { q: { type: 'classic', deadLetter: { exchange: 'dlx' } } } })).toEqual([
      'dead-letter-exchange-type at queues.q.deadLetter.exchange',
    ])
  })

  it.each<[QueueSection, string]>([
    [{ deadLetter: { exchange: 'nowhere' } }, 'unknown-exchange at queues.q.deadLetter.exchange'],
    [{ deadLetter: { exchange: 'inside' } }, 'internal-exchange at queues.q.deadLetter.exchange'],
    [{ deadLetter: { routingKey: 'other' } }, 'dead-letter-key-is-fixed at queues.q.deadLetter.routingKey'],
    [{ deadLetter: { queue: 'q' } }, 'dead-letters-to-itself at queues.q.deadLetter.queue'],
    [{ deadLetter: { queue: false } }, 'dead-letters-lost at queues.q.deadLetter.queue'],
    [
      { deadLetter: { exchange: 'amq.direct', queue: false, maxLength: 1 } },
      'limits-without-queue at queues.q.deadLetter.maxLength',
    ],
    [{ deadLetter: { messageTtl: '-1s' } }, 'out-of-range at queues.q.deadLetter.messageTtl'],
    [{ deadLetter: { maxLengthBytes: 'many' } }, 'not-a-size at queues.q.deadLetter.maxLengthBytes'],
    [{ deadLetter: { strategy: 'at-least-once' } }, 'at-least-once-impossible at queues.q.deadLetter.strategy'],
    [
      { deadLetter: true, arguments: { 'x-dead-letter-strategy': 'at-most-once' } },
      'argument-twice at queues.q.arguments.x-dead-letter-strategy, deadLetter queues.q.deadLetter',
    ],
    [{ deadLetter: true, arguments: { 'x-queue-type': 'mine' } }, 'property-not-of-type at queues.q.deadLetter'],
  ])('refuses impossible settings: %j', (section, finding) => {
    const exchanges = { inside: { internal: true }, dlx: {} }
    const type = section.arguments?.['x-queue-type'] === undefined ? { type: 'classic' as const } : {}

    expect(found({ exchanges, queues: { q: { ...type, ...section } } })).toEqual([finding])
  })

  it('on a quorum queue cannot be at-least-once when its overflow drops (pitfall 37)', () => {
    const deadLetter: DeadLetterSection = { strategy: 'at-least-once' }

    expect(found({ queues: { q: { type: 'quorum', overflow: 'drop-head', deadLetter } } })).toEqual([
      'at-least-once-impossible at queues.q.deadLetter.strategy',
    ])
  })

  it('warns about a manual dead-letter exchange that is declared nowhere (pitfall 39)', () => {
    const to = (exchange: string): QueueSection => ({ arguments: { 'x-dead-letter-exchange': exchange } })
    const definition = { 'dead-letter-exchange': 'gone' }

    expect(
      found({
        exchanges: { dlx: {}, theirs: { external: true } },
        queues: { a: to('dlx'), b: to('theirs'), c: to('amq.fanout'), d: to(''), e: to('gone') },
        policies: { p: { pattern: '', definition } },
        operatorPolicies: { o: { pattern: '', definition } },
      }),
    ).toEqual([
      'dead-letters-reach-nothing at queues.a.arguments.x-dead-letter-exchange',
      'dead-letters-reach-nothing at queues.d.arguments.x-dead-letter-exchange',
      'dead-letter-exchange-unknown at queues.e.arguments.x-dead-letter-exchange',
      'dead-letter-exchange-unknown at policies.p.definition.dead-letter-exchange',
      'dead-letter-exchange-unknown at operatorPolicies.o.definition.dead-letter-exchange',
    ])
  })

  it('needs no separate queue if one is bound explicitly', () => {
    const deadLetter = { queue: false } as const
    const binding = { exchange: 'q.failed', routingKey: 'dead' }

    expect(found({ queues: { q: { type: 'classic', deadLetter }, r: { bindings: [binding] } } })).toEqual([])
    expect(
      found({
        queues: { q: { type: 'classic', deadLetter }, r: {} },
        bindings: [{ source: 'q.failed', destination: { queue: 'r' }, routingKey: 'dead' }],
      }),
    ).toEqual([])
    expect(found({ queues: { q: { type: 'classic', deadLetter }, r: { bindings: ['q.failed'] } } })).toEqual([
      'dead-letters-lost at queues.q.deadLetter.queue',
    ])
  })

  describe('with a queue name in the file', () => {
    it('shares it between queues that agree', () => {
      const deadLetter = { queue: 'graveyard' }
      const { queues, bindings } = expanded({
        queues: { a: { type: 'classic', deadLetter }, b: { type: 'classic', deadLetter } },
      }).topology

      expect(queues.map(({ name, origin }) => [name, origin])).toEqual([
        ['a', at('queues.a')],
        ['b', at('queues.b')],
        ['graveyard', at('queues.a.deadLetter')],
      ])
      expect(bindings.filter(({ destination }) => destination === 'graveyard').map(({ source }) => source)).toEqual([
        'a.failed',
        'b.failed',
      ])
    })

    it('shares its binding too', () => {
      const deadLetter = { exchange: 'dlx', routingKey: 'all', queue: 'graveyard' }
      const { bindings } = expanded({
        exchanges: { dlx: {} },
        queues: { a: { type: 'classic', deadLetter }, b: { type: 'classic', deadLetter } },
      }).topology

      expect(
        bindings.map(({ source, routingKey, destination }) => `${source} ${routingKey} -> ${destination}`),
      ).toEqual(['a.failed back -> a', 'b.failed back -> b', 'dlx all -> graveyard'])
    })

    it('refuses to share it between queues that disagree', () => {
      const deadLetter = { queue: 'graveyard' }

      expect(found({ queues: { a: { type: 'classic', deadLetter }, b: { type: 'quorum', deadLetter } } })).toEqual([
        'derived-queue-differs at queues.b.deadLetter, declared queues.a.deadLetter',
      ])
    })

    it('keeps a declared queue unchanged', () => {
      const deadLetter = { queue: 'graveyard' }
      const graveyard: QueueSection = { type: 'stream', maxAge: '30d' }

      expect(found({ queues: { a: { type: 'quorum', deadLetter }, graveyard } })).toEqual([])
      expect(resultOf({ type: 'quorum', deadLetter }, { queues: { graveyard } }).others).toEqual([
        { name: 'graveyard', type: 'stream', arguments: { 'x-max-age': '30D' } },
      ])
    })

    it('refuses limits for a declared one', () => {
      const deadLetter = { queue: 'graveyard', maxLength: 5 }

      expect(found({ queues: { a: { type: 'classic', deadLetter }, graveyard: {} } })).toEqual([
        'dead-letter-limits-twice at queues.a.deadLetter, declared queues.graveyard',
      ])
    })
  })

  it('refuses a derived name that is also declared, and names both', () => {
    const queues: Sections['queues'] = {
      q: { type: 'quorum', retry: { delays: ['5s'] }, deadLetter: true },
      'q.dead': {},
      'q.retry.5s': {},
    }

    expect(found({ exchanges: { 'q.failed': {} }, queues })).toEqual([
      'derived-name-taken at queues.q.retry, declared exchanges.q.failed',
      'derived-name-taken at queues.q.deadLetter, declared queues.q.dead',
      'derived-name-taken at queues.q.retry.delays.0, declared queues.q.retry.5s',
    ])
  })

  it('refuses a derived name that is too long, at the line that causes it', () => {
    const name = 'é'.repeat(125)
    const queues = { [name]: { type: 'quorum', retry: { delays: ['5s'] }, deadLetter: true } } as const

    expect(found({ queues })).toEqual([
      `derived-name-too-long at queues.${name}.retry`,
      `derived-name-too-long at queues.${name}.retry.delays.0`,
    ])
    expect(found({ queues: { ['x'.repeat(248)]: { type: 'quorum', deadLetter: true } } })).toEqual([])
  })

  it('declares the dead-letter queue of an external queue as external too', () => {
    const { topology, routes } = expanded({
      queues: { q: { external: true, retry: { delays: ['5s'] }, deadLetter: true } },
      subscriptions: { s: { queue: 'q' } },
    })

    expect(topology.exchanges.map(({ name, external }) => [name, external])).toEqual([['q.failed', true]])
    expect(topology.queues.map(({ name, external }) => [name, external])).toEqual([
      ['q', true],
      ['q.dead', true],
      ['q.retry.5s', true],
    ])
    expect(topology.bindings.every(({ external }) => external)).toBe(true)
    expect(routes.subscriptions[0]?.failure).toEqual({
      kind: 'ladder',
      exchange: 'q.failed',
      delays: [{ delay: 5_000, routingKey: '5s', queue: 'q.retry.5s' }],
      last: { exchange: 'q.failed', routingKey: 'dead' },
    })
  })
})
