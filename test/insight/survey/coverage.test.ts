import { describe, expect, it } from 'vitest'
import type { SnapshotOwner } from '../../../src/broker/snapshot/snapshot.ts'
import type { FrameworkObject } from '../../../src/insight/frameworks/framework-object.ts'
import { coverageOf, coverageKnown, reachesCoverage } from '../../../src/insight/survey/coverage.ts'
import { surveyedObjects } from '../../../src/insight/survey/surveyed-object.ts'
import { binding, exchange, policy, queue } from '../../builders/objects.ts'
import { snapshotOf, vhostSnapshot } from '../../builders/snapshots.ts'

const ALL = { objects: true, owners: true }
const owner = (project: string, state: SnapshotOwner['state'] = 'owned'): SnapshotOwner => ({ project, state })

describe('coverage', () => {
  it('counts owned and adopted objects by project, and is 100% only if nothing is missing', () => {
    const queues = Array.from({ length: 2_000 }, (_, index) => queue(`q${index}`))
    const owners = new Map(queues.slice(1).map(({ name }) => [`queue:%2F/${name}`, owner('shop')] as const))
    owners.set('queue:%2F/q1', owner('bills', 'adopted'))
    const objects = surveyedObjects(vhostSnapshot({ queues }), owners, new Map())

    expect(coverageOf(objects, ALL)).toEqual({
      percent: 99.9,
      objects: 2_000,
      managed: 1_999,
      adopted: 1,
      unmanaged: 1,
      setAside: { transient: 0, framework: 0 },
      projects: [
        { project: 'shop', managed: 1_998, adopted: 0 },
        { project: 'bills', managed: 1, adopted: 1 },
      ],
    })
  })

  it('does not count exchanges of the broker, transient objects, and infrastructure of frameworks, unless a project owns them', () => {
    const vhost = vhostSnapshot(
      {
        exchanges: [
          exchange(''),
          exchange('amq.topic'),
          exchange('events'),
          exchange('temporary', { autoDelete: true }),
        ],
        queues: [
          queue('kept'),
          queue('expiring', { arguments: { 'x-expires': 1_000 } }),
          queue('brief', { durable: false }),
          queue('mine', { autoDelete: true }),
          queue('celery.pidbox'),
        ],
        bindings: [
          binding('events', 'kept'),
          binding('events', 'expiring'),
          binding('temporary', 'kept'),
          binding('events', 'exclusive one'),
          binding('events', 'mine'),
        ],
        policies: [policy('p')],
      },
      { untouchable: [{ ...queue('exclusive one'), reason: 'exclusive' }] },
    )
    const frameworks = new Map<string, FrameworkObject>([
      ['queue:%2F/celery.pidbox', { framework: 'Celery', what: 'control queue', role: 'infrastructure', why: '' }],
      ['queue:%2F/kept', { framework: 'Celery', what: 'task queue', role: 'application', why: '' }],
    ])

    const coverage = coverageOf(surveyedObjects(vhost, new Map([['queue:%2F/mine', owner('shop')]]), frameworks), ALL)

    // Unmanaged: events, kept, the bindings from events to kept and mine, and the policy.
    expect(coverage).toMatchObject({
      managed: 1,
      unmanaged: 5,
      // The exchange, the two queues, and a binding to or from each of them except brief.
      setAside: { transient: 5, framework: 1 },
    })
  })

  it('is unknown if a part that it depends on could not be read, and then reaches no required figure', () => {
    const vhosts = [vhostSnapshot()]
    const { owners: _, ...withoutOwners } = snapshotOf(vhosts)
    const noVhost = { what: 'vhost', vhost: 'closed', reason: 'no-permission' } as const
    const users = { what: 'users', reason: 'needs-administrator' } as const

    expect(coverageKnown(withoutOwners)).toEqual({ objects: true, owners: false })
    expect(coverageKnown(snapshotOf(vhosts, { unknown: [noVhost] }))).toEqual({ objects: false, owners: true })
    expect(coverageKnown(snapshotOf(vhosts, { unknown: [noVhost] }), '/')).toEqual(ALL)
    expect(coverageKnown(snapshotOf(vhosts, { unknown: [users] }))).toEqual(ALL)
    const damaged = { what: 'damaged-owners', reason: 'unreadable-record' } as const
    expect(coverageKnown(snapshotOf(vhosts, { unknown: [damaged] }), '/').owners).toBe(false)
  })

  it('has no figure if objects are unknown, and no counts if owners are unknown', () => {
    const objects = surveyedObjects(vhostSnapshot({ queues: [queue('a')] }), new Map(), new Map())

    expect(coverageOf(objects, { objects: false, owners: true })).toEqual({
      objects: 1,
      managed: 0,
      adopted: 0,
      unmanaged: 1,
      setAside: { transient: 0, framework: 0 },
      projects: [],
    })
    const blind = coverageOf(objects, { objects: true, owners: false })
    expect(blind).toEqual({ objects: 1, setAside: { transient: 0, framework: 0 }, projects: [] })
    expect(reachesCoverage(blind, 0)).toBeUndefined()
  })

  it('reaches a figure exactly, not rounded', () => {
    const [one, two, three] = [queue('a'), queue('b'), queue('c')]
    const owners = new Map([
      ['queue:%2F/a', owner('shop')],
      ['queue:%2F/b', owner('shop')],
    ])
    const coverage = coverageOf(surveyedObjects(vhostSnapshot({ queues: [one, two, three] }), owners, new Map()), ALL)

    expect(coverage.percent).toBe(66.6)
    expect(reachesCoverage(coverage, 66.6)).toBe(true)
    expect(reachesCoverage(coverage, 66.666)).toBe(true)
    expect(reachesCoverage(coverage, 66.7)).toBe(false)
    expect(reachesCoverage(coverageOf([], ALL), 100)).toBe(true)
  })

  it('counts existing objects by the label owner of the files', () => {
    const objects = surveyedObjects(
      vhostSnapshot({ queues: [queue('a'), queue('b'), queue('c'), queue('d', { autoDelete: true })] }),
      new Map(),
      new Map(),
    )
    const declared = new Map([
      ['queue:%2F/a', 'billing'],
      ['queue:%2F/b', undefined],
      ['queue:%2F/not-there', 'billing'],
    ])

    expect(coverageOf(objects, ALL, declared).labels).toEqual({
      owners: [{ owner: 'billing', objects: 1 }],
      unlabelled: 1,
      undeclared: 1,
    })
  })
})
