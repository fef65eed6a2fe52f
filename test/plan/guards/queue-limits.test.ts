import { describe, expect, it } from 'vitest'
import type { Plan } from '../../../src/plan/plan.ts'
import type { PlanMode } from '../../../src/plan/plan-mode.ts'
import { queue, topology, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

const AT = 'vhost:%2F'

/** The plan for queues of one vhost, with the limit on the broker and the declared one; undefined means unlimited. */
function planWithin(
  limits: { readonly live?: number; readonly declared?: number },
  live: readonly string[],
  declared: readonly string[],
  { exclusive = [], mode = {}, type = 'classic' }: Options = {},
): Pick<Plan, 'blocks' | 'notes'> {
  const limited = (limit: number | undefined) =>
    vhost('/', { claimed: true, limits: limit === undefined ? {} : { maxQueues: limit } })
  const { blocks, notes } = planOf(
    topology({ vhosts: [limited(limits.live)], queues: live.map((name) => queue(name)) }),
    topology({ vhosts: [limited(limits.declared)], queues: declared.map((name) => queue(name, { type })) }),
    { untouchable: new Set(exclusive.map((name) => `queue:%2F/${name}`)) },
    mode,
  )
  return { blocks, notes }
}

interface Options {
  readonly exclusive?: readonly string[]
  readonly mode?: Partial<PlanMode>
  readonly type?: string
}

describe('the queue limit of a vhost', () => {
  it('blocks a plan that creates more queues than it leaves room for, exclusive ones of programs included', () => {
    expect(planWithin({ live: 3, declared: 3 }, ['a'], ['a', 'b'], { exclusive: ['amq.gen-1', 'reply'] })).toEqual({
      blocks: [
        { reason: 'queue-limit', address: AT, limit: 3, needed: 4, live: 3, created: 1, moving: 0, lock: false },
      ],
      notes: [],
    })
  })

  it('leaves the lock of the running apply out of the count', () => {
    expect(planWithin({ live: 3, declared: 3 }, ['a'], ['a'], { exclusive: ['warren.lock.shop'] })).toEqual({
      blocks: [],
      notes: [],
    })
  })

  it('uses the new limit if the plan raises it', () => {
    expect(planWithin({ live: 3, declared: 5 }, ['a', 'b'], ['a', 'b', 'c', 'd'])).toEqual({
      blocks: [],
      notes: [],
    })
    expect(planWithin({ live: 2 }, ['a'], ['a', 'b', 'c'])).toEqual({ blocks: [], notes: [] })
  })

  it('blocks a plan that creates queues and leaves more of them than a lowered limit', () => {
    expect(planWithin({ live: 9, declared: 2 }, ['a', 'b'], ['a', 'b', 'c']).blocks).toEqual([
      { reason: 'queue-limit', address: AT, limit: 2, needed: 3, live: 2, created: 1, moving: 0, lock: false },
    ])
  })

  it('only warns of a limit below the queues that exist', () => {
    expect(planWithin({ live: 9, declared: 1 }, ['a', 'b'], ['a', 'b'])).toEqual({
      blocks: [],
      notes: [{ note: 'queue-limit-exceeded', limit: 1, queues: 2, addresses: [AT] }],
    })
  })

  it('warns when it leaves no room for the lock, now or later', () => {
    expect(planWithin({ live: 2, declared: 2 }, ['a', 'b'], ['a', 'b'])).toEqual({
      blocks: [],
      notes: [{ note: 'no-room-for-lock', limit: 2, queues: 2, addresses: [AT] }],
    })
    expect(planWithin({ live: 2, declared: 2 }, ['a'], ['a', 'b'])).toEqual({
      blocks: [],
      notes: [{ note: 'no-room-for-lock', limit: 2, queues: 2, addresses: [AT] }],
    })
    expect(planWithin({ live: 9, declared: 2 }, ['a', 'b'], ['a', 'b'])).toEqual({
      blocks: [],
      notes: [{ note: 'no-room-for-later-locks', limit: 2, queues: 2, addresses: [AT] }],
    })
  })

  it('counts the queue in which messages wait and the lock when a queue is migrated', () => {
    const mode = { migrate: new Set(['queue:%2F/a']) }

    expect(planWithin({ live: 3, declared: 3 }, ['a', 'b'], ['a'], { mode, type: 'quorum' }).blocks).toEqual([
      { reason: 'queue-limit', address: AT, limit: 3, needed: 4, live: 2, created: 0, moving: 1, lock: true },
    ])
    expect(planWithin({ live: 4, declared: 4 }, ['a', 'b'], ['a'], { mode, type: 'quorum' }).blocks).toEqual([])
  })
})
