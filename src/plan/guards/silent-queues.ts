import { addressOf } from '../../model/address.ts'
import type { Topology } from '../../model/topology.ts'
import type { Block } from '../block.ts'
import type { Note } from '../note.ts'
import type { PlannedTopology } from '../planned-topology.ts'

/**
 * The part of a plan about declared queues that do not answer: the same in a new plan and in a saved one that is
 * checked again.
 */
export function silentQueues(
  desired: Topology,
  live: PlannedTopology,
): { readonly blocks: readonly Block[]; readonly notes: readonly Note[] } {
  return { blocks: halfDeclaredBlocks(live), notes: majorityNotes(desired, live) }
}

/**
 * Blocks a plan because of a queue that a stopped run was declaring. Such a queue looks as declared, so a plan
 * without changes would leave it in this state.
 */
function halfDeclaredBlocks({ halfDeclared }: PlannedTopology): Block[] {
  return [...(halfDeclared ?? [])].map(([address, because]) => ({ reason: 'half-declared', address, because }))
}

/** Notes the declared queues that have lost the majority of their members. */
function majorityNotes(desired: Topology, { lostMajority, halfDeclared }: PlannedTopology): Note[] {
  if (lostMajority === undefined || lostMajority.size === 0) return []
  return desired.queues
    .map((queue) => addressOf('queue', queue))
    .toSorted()
    .flatMap((at): Note[] => {
      const count = halfDeclared?.has(at) === true ? undefined : lostMajority.get(at)
      return count === undefined ? [] : [{ note: 'majority-lost', ...count, addresses: [at] }]
    })
}
