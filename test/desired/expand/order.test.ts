import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand } from '../../../src/desired/expand/expand.ts'
import { at, declared, expanded, type Sections } from './declared.ts'

describe('a vhost', () => {
  it('is only a reference in its short form', () => {
    expect(expanded({}).topology.vhosts).toEqual([{ name: '/', claimed: false, origin: at('vhost') }])
  })

  it('belongs to the project in its long form', () => {
    expect(expanded({ claim: { name: '/' } }).topology.vhosts).toEqual([
      { name: '/', claimed: true, description: '', tags: [], origin: at('vhost') },
    ])
    expect(
      expanded({
        claim: {
          name: '/',
          description: 'Shop messaging',
          tags: ['production', 'eu', 'production'],
          defaultQueueType: 'quorum',
          limits: { maxQueues: 1_000 },
          protect: true,
        },
      }).topology.vhosts,
    ).toEqual([
      {
        name: '/',
        claimed: true,
        description: 'Shop messaging',
        tags: ['eu', 'production'],
        defaultQueueType: 'quorum',
        limits: { maxQueues: 1_000 },
        protect: true,
        origin: at('vhost'),
      },
    ])
  })
})

describe('the order of a topology', () => {
  const sections: Required<Pick<Sections, 'exchanges' | 'queues' | 'users' | 'publications' | 'subscriptions'>> = {
    exchanges: { b: { type: 'topic' }, a: { bindings: ['b'] }, Z: {} },
    queues: {
      q: { type: 'quorum', retry: { delays: ['1s', '10s'] }, deadLetter: true, bindings: ['b', 'a'] },
      ä: { bindings: [{ exchange: 'a', arguments: { x: 1, y: 2 } }] },
    },
    users: { w: { can: { publish: ['p', 'o'], consume: ['t', 's'] } }, v: { permissions: {} } },
    publications: { p: { exchange: 'b', routingKey: 'x' }, o: { exchange: 'b', routingKey: 'w' } },
    subscriptions: { t: { queue: 'q' }, s: { queue: 'ä' } },
  }

  it('does not depend on that of the files', () => {
    const inOrder = expand(declared({ '/': sections, '/other': sections }), () => ({ schema: true })).desired
    const shuffled = <T extends object>(table: T) =>
      fc
        .shuffledSubarray(Object.keys(table), { minLength: Object.keys(table).length })
        .map((keys) => Object.fromEntries(keys.map((key) => [key, table[key as keyof T]])) as T)
    const anyOrder = fc.record({
      exchanges: shuffled(sections.exchanges),
      queues: shuffled(sections.queues),
      users: shuffled(sections.users),
      publications: shuffled(sections.publications),
      subscriptions: shuffled(sections.subscriptions),
    })

    fc.assert(
      fc.property(anyOrder, anyOrder, fc.boolean(), (one, other, swap) => {
        const vhosts = swap ? { '/other': other, '/': one } : { '/': one, '/other': other }
        expect(expand(declared(vhosts), () => ({ schema: true })).desired).toEqual({
          ...inOrder,
          topology: { ...inOrder.topology, users: expect.any(Array) },
        })
      }),
    )
  })

  it('is that of the code units, by vhost and name', () => {
    const { topology } = expand(declared({ '/': sections, '/other': sections }), () => ({ schema: true })).desired

    expect(topology.exchanges.map(({ vhost, name }) => `${vhost} ${name}`)).toEqual([
      '/ Z',
      '/ a',
      '/ b',
      '/ q.failed',
      '/other Z',
      '/other a',
      '/other b',
      '/other q.failed',
    ])
    expect(topology.users.map(({ name }) => name)).toEqual(['v', 'w'])
  })
})
