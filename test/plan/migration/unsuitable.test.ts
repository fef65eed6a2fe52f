import { describe, expect, it } from 'vitest'
import { queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

const names = ['free', 'guarded', 'silent', 'taken']
const live = topology({ queues: [...names.map((name) => queue(name)), queue('taken.moving', { type: 'quorum' })] })
const desired = topology({
  queues: names.map((name) => queue(name, { type: 'quorum', ...(name === 'guarded' && { protect: true }) })),
})
const mode = { migrate: new Set(['queue:*']), skipUnsuitable: true }
const uncountedQueues = new Map([['queue:%2F/silent', 'its leader does not answer']])

describe('a migration without unsuitable queues', () => {
  it('leaves out the queues that cannot be migrated, and notes the reason for each', () => {
    const plan = planOf(live, desired, { uncountedQueues }, mode)

    expect(plan.blocks).toEqual([])
    expect(plan.changes.map(({ address }) => address)).toEqual(['queue:%2F/free'])
    // The topologies have only the virtual host in common.
    expect([plan.mode.migrate, plan.unchanged]).toEqual([['queue:%2F/free'], 1])
    expect(plan.notes).toEqual([
      { note: 'not-migrated', why: { problem: 'protected' }, addresses: ['queue:%2F/guarded'] },
      {
        note: 'not-migrated',
        why: { problem: 'uncounted', because: 'its leader does not answer' },
        addresses: ['queue:%2F/silent'],
      },
      {
        note: 'not-migrated',
        why: { problem: 'holding-name-taken', holding: 'queue:%2F/taken.moving' },
        addresses: ['queue:%2F/taken'],
      },
    ])
  })

  it('blocks the plan without the option, and for a reason that concerns all queues', () => {
    const { blocks } = planOf(live, desired, { uncountedQueues }, { migrate: new Set(['queue:*']) })
    expect(blocks.map(({ reason }) => reason)).toEqual(['protected', 'queue-uncounted', 'holding-name-taken'])

    const without = planOf(live, desired, { uncounted: 'AMQP cannot be reached' }, mode)
    expect(without.blocks.map(({ address }) => address)).toEqual([
      'queue:%2F/free',
      'queue:%2F/silent',
      'queue:%2F/taken',
      'queue:%2F/taken',
    ])
  })

  it('still needs a decision about queues that it does not name', () => {
    const { blocks } = planOf(live, desired, {}, { migrate: new Set(['queue:%2F/t*']), skipUnsuitable: true })

    expect(blocks.map(({ reason, address }) => [reason, address])).toEqual([
      ['needs-replacement', 'queue:%2F/free'],
      ['protected', 'queue:%2F/guarded'],
      ['needs-replacement', 'queue:%2F/silent'],
    ])
  })
})
