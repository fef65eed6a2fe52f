import { describe, expect, it } from 'vitest'
import { binding, queue, topology } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'
import { owned, record } from '../builders/records.ts'

const at = 'queue:%2F/q'
const holding = 'queue:%2F/q.moving'
const before = queue('q')
const after = queue('q', { type: 'quorum', origin: { file: 'shop.yaml', line: 5, column: 3 } })
const migrate = { migrate: new Set([at]) }
const own = owned(record({ owned: [at, holding] }))
const counts = new Map([[at, { messages: 7, consumers: 0 }]])
const around = { ...own, counts }
const onlyLive = { reason: 'holding-name-taken', address: at, holding, places: [] }

describe('a step for which messages wait in a holding queue', () => {
  it('is blocked where the files declare a queue of its name, with both places', () => {
    const declared = queue('q.moving', { origin: { file: 'shop.yaml', line: 9, column: 3 } })
    const desired = topology({ queues: [after, declared] })
    const places = [declared.origin, after.origin]

    expect(planOf(topology({ queues: [before] }), desired, around, migrate).blocks).toEqual([
      { ...onlyLive, declared: true, places, address: at },
    ])
    // A stopped run continues only when the name is free again.
    const resumed = { ...around, moves: new Map([[at, at]]) }
    expect(planOf(topology({ queues: [before] }), desired, resumed).blocks).toEqual([
      { ...onlyLive, declared: true, places, address: at },
    ])
  })

  it('is blocked by any queue of its name, and continues with the one that an earlier run has left', () => {
    const live = topology({ queues: [before, queue('q.moving')] })
    const desired = topology({ queues: [after] })

    expect(planOf(live, desired, around, migrate).blocks).toEqual([{ ...onlyLive, places: [after.origin] }])
    const untouchable = new Set([holding])
    expect(planOf(topology({ queues: [before] }), desired, { ...around, untouchable }, migrate).blocks).toEqual([
      { ...onlyLive, places: [after.origin] },
    ])
    expect(planOf(live, desired, { ...around, moves: new Map([[at, at]]) }).blocks).toEqual([])
  })

  it('is blocked as a rename, and as a replacement that keeps bindings which these files do not declare', () => {
    const renamed = topology({ queues: [queue('new', { renamedFrom: 'q' })] })
    const live = topology({ queues: [before, queue('q.moving')], bindings: [binding('amq.topic', 'q')] })
    expect(planOf(live, renamed, around).blocks).toEqual([{ ...onlyLive, address: 'queue:%2F/new' }])

    const allowReplace = { allowReplace: new Set([at]) }
    const desired = topology({ queues: [after] })
    expect(planOf(live, desired, around, allowReplace).blocks).toEqual([{ ...onlyLive, places: [after.origin] }])
    expect(planOf({ ...live, bindings: [] }, desired, around, allowReplace).blocks).toEqual([])
  })
})

describe('a queue whose messages cannot be counted', () => {
  it('is neither deleted, replaced nor renamed, nor is its virtual host deleted', () => {
    const because = 'only 1 of its 3 members are online, which is not a majority'
    const uncountedQueues = new Map([[at, because]])
    const lost = { reason: 'queue-uncounted', address: at, queue: at, because }
    const live = topology({ queues: [before] })

    const all = { prune: true, allowDelete: new Set([at]) }
    const kept = topology({ queues: [queue('other')] })
    expect(
      planOf(topology({ queues: [before, queue('other')] }), kept, { ...own, uncountedQueues }, all).blocks,
    ).toEqual([lost])
    const desired = topology({ queues: [after] })
    expect(planOf(live, desired, { ...own, uncountedQueues }, migrate).blocks).toEqual([lost])
    const destroy = { destroy: true, allowDelete: new Set(['vhost:%2F']) }
    const ofAll = owned(record({ owned: ['vhost:%2F'] }))
    expect(planOf(live, topology(), { ...ofAll, uncountedQueues }, destroy).blocks).toEqual([
      { ...lost, address: 'vhost:%2F' },
    ])
    const renamed = topology({ queues: [queue('new', { renamedFrom: 'q' })] })
    expect(planOf(live, renamed, { ...own, uncountedQueues }).blocks).toEqual([{ ...lost, address: 'queue:%2F/new' }])
  })
})
