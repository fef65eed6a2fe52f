import { describe, expect, it } from 'vitest'
import { KINDS } from '../../../src/model/topology.ts'
import { exchange, queue, topology, user, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const none = { adopt: [], release: [], forget: [], drop: [], protect: [], unprotect: [], take: [] }

describe('the changes of records by an apply', () => {
  it('are none if the records are complete', () => {
    const both = topology({ queues: [queue('q', { protect: true })] })
    const known = record({ owned: ['queue:%2F/q'], protected: ['queue:%2F/q'] })

    expect(planOf(both, both, owned(known)).ownership.records).toEqual([])
  })

  it('records newly protected objects, and those that are no longer protected', () => {
    const live = topology({ queues: [queue('a'), queue('b')] })
    const desired = topology({ queues: [queue('a', { protect: true }), queue('b')] })
    const known = record({ owned: ['queue:%2F/a', 'queue:%2F/b'], protected: ['queue:%2F/b'] })

    expect(planOf(live, desired, owned(known)).ownership.records).toEqual([
      { ...none, vhost: '/', protect: ['queue:%2F/a'], unprotect: ['queue:%2F/b'] },
    ])
  })

  it('keeps the protection of objects that were removed from the files', () => {
    const known = record({ owned: ['queue:%2F/q'], protected: ['queue:%2F/q'] })

    expect(planOf(topology({ queues: [queue('q')] }), topology(), owned(known)).ownership.records).toEqual([])
  })

  it('releases objects that are declared as external, and forgets those that are gone', () => {
    const live = topology({ queues: [queue('lent')] })
    const desired = topology({ queues: [queue('lent', { external: true })] })
    const known = record({ owned: ['queue:%2F/gone', 'queue:%2F/lent'], protected: ['queue:%2F/gone'] })

    expect(planOf(live, desired, owned(known)).ownership.records).toEqual([
      {
        ...none,
        vhost: '/',
        release: ['queue:%2F/lent'],
        forget: ['queue:%2F/gone'],
        unprotect: ['queue:%2F/gone'],
      },
    ])
  })

  it('forgets nothing of a kind that was not read', () => {
    const known = record({ owned: ['user:svc', 'queue:%2F/gone'] })
    const kindsRead = new Set(KINDS.filter((kind) => kind !== 'user'))

    expect(planOf(topology(), topology(), { ...owned(known), kindsRead }).ownership.records).toEqual([
      { ...none, vhost: '/', forget: ['queue:%2F/gone'] },
    ])
  })

  it('adopts an existing object that a stopped run intended to create', () => {
    const both = topology({ exchanges: [exchange('x')] })
    const intended = [{ run: 'r', at: '2026-01-01T00:00:00.000Z', addresses: ['exchange:%2F/x'] }]

    expect(planOf(both, both, owned(record({ intended }))).ownership.records).toEqual([
      { ...none, vhost: '/', adopt: ['exchange:%2F/x'] },
    ])
  })

  it('names a user in each virtual host whose documents declare it', () => {
    const vhosts = [vhost('a'), vhost('b')]
    const both = topology({ vhosts, users: [user('svc', { declaredIn: ['a', 'b'] })] })

    expect(planOf(both, both, owned()).ownership.records).toEqual([
      { ...none, vhost: 'a', adopt: ['user:svc'] },
      { ...none, vhost: 'b', adopt: ['user:svc'] },
    ])
  })
})
