import { describe, expect, it } from 'vitest'
import type { NodeState } from '../../../src/plan/planned-topology.ts'
import { queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

const live = topology({ queues: [queue('a'), queue('b')] })
const desired = topology({ queues: [queue('a', { type: 'quorum' }), queue('b', { type: 'quorum' })] })
const bytes = new Map([
  ['queue:%2F/a', 600],
  ['queue:%2F/b', 400],
])

function blocksWith(state: Partial<NodeState>, mode = {}) {
  const node = { name: 'rabbit@a', runs: true, lost: false, alarms: [], ...state }
  return planOf(live, desired, { bytes, nodes: [node] }, { migrate: new Set(['queue:*']), ...mode }).blocks
}

function blockOf(...obstacles: readonly object[]) {
  return [{ reason: 'move-unsafe', address: 'queue:%2F/a', queues: 2, obstacles }]
}

describe('the preflight of a migration', () => {
  it('finds nothing wrong with a broker that can carry all moves', () => {
    expect(blocksWith({ room: 2_000 })).toEqual([])
    expect(blocksWith({})).toEqual([])
  })

  it('blocks the plan while an alarm stops publishers, a node does not run, or the cluster is partitioned', () => {
    const node = 'rabbit@a'

    expect(blocksWith({ alarms: ['memory', 'disk'] })).toEqual(
      blockOf({ obstacle: 'memory-alarm', node }, { obstacle: 'disk-alarm', node }),
    )
    expect(blocksWith({ runs: false })).toEqual(blockOf({ obstacle: 'node-down', node }))
    expect(blocksWith({ lost: true })).toEqual(blockOf({ obstacle: 'partition', node }))
  })

  it('blocks the plan if a disk has no room for two copies of the messages', () => {
    expect(blocksWith({ room: 1_999 })).toEqual(
      blockOf({ obstacle: 'disk', node: 'rabbit@a', room: 1_999, needed: 2_000 }),
    )
  })

  it('does not concern a plan that moves no messages', () => {
    const recreates = { migrate: new Set<string>(), allowReplace: new Set(['queue:*']) }

    expect(blocksWith({ alarms: ['memory'], runs: false }, recreates)).toEqual([])
  })

  it('says which migrations it could not check if the login may not read the nodes', () => {
    const migrate = { migrate: new Set(['queue:*']) }
    const note = { note: 'nodes-unchecked', addresses: ['queue:%2F/a', 'queue:%2F/b'] }

    expect(planOf(live, desired, { nodesRefused: true }, migrate).notes).toContainEqual(note)
    expect(planOf(live, desired, { nodes: [] }, migrate).notes).toEqual([])
    expect(planOf(live, live, { nodesRefused: true }, migrate).notes).not.toContainEqual(note)
  })
})
