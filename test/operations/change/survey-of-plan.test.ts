import { describe, expect, it } from 'vitest'
import { surveyOfSnapshot } from '../../../src/operations/change/survey-of-plan.ts'
import { declaredByOthers } from '../../../src/plan/declared-by-run.ts'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { snapshotOf, vhostSnapshot } from '../../builders/snapshots.ts'

const VHOST = vhostSnapshot({
  exchanges: [exchange('events', { type: 'topic' })],
  queues: [queue('owned'), queue('declared'), queue('others'), queue('external'), queue('stray'), queue('manual')],
  bindings: [binding('events', 'stray')],
})
const SNAPSHOT = snapshotOf([VHOST], {
  owners: new Map([['queue:%2F/owned', { project: 'shop', state: 'owned' }]]),
  unknown: [
    { what: 'users', reason: 'needs-administrator' },
    { what: 'consumers', reason: 'needs-monitoring' },
  ],
})
const DECLARED = {
  desired: topology({ queues: [queue('declared'), queue('external', { external: true })] }),
  declaredByRun: declaredByOthers('shop', [{ project: 'billing', topology: topology({ queues: [queue('others')] }) }]),
}

function listed(targets: readonly string[], excludes: readonly string[]) {
  const { unmanaged } = surveyOfSnapshot(SNAPSHOT, { mode: { targets, excludes } }, DECLARED)
  return unmanaged?.map(({ address }) => address)
}

describe('the survey of a plan', () => {
  it('lists objects without an owner, except those that the files of the run declare', () => {
    expect(listed([], [])).toEqual([
      'exchange:%2F/events',
      'queue:%2F/external',
      'queue:%2F/stray',
      'queue:%2F/manual',
      'binding:%2F/events/queue/stray/',
    ])
  })

  it('is narrowed by the targets and excludes of the plan', () => {
    expect(listed(['queue:*'], ['*/stray'])).toEqual(['queue:%2F/external', 'queue:%2F/manual'])
  })

  it('counts all objects before an apply, and names the unknown parts', () => {
    expect(surveyOfSnapshot(SNAPSHOT, { mode: { targets: ['queue:*'], excludes: [] } }, DECLARED)).toMatchObject({
      coverage: { objects: 8, managed: 1, unmanaged: 7, percent: 12.5 },
      vhosts: [{ name: '/', coverage: { objects: 8, managed: 1 } }],
      unknown: [{ what: 'consumers', reason: 'needs-monitoring' }],
    })
  })

  it('has no list if ownership is unknown', () => {
    const { owners: _, ...unowned } = SNAPSHOT
    const survey = surveyOfSnapshot(unowned, { mode: { targets: [], excludes: [] } }, DECLARED)

    expect(survey).not.toHaveProperty('unmanaged')
    expect(survey.coverage).not.toHaveProperty('managed')
  })
})
