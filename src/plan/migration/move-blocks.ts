import { addressOf } from '../../model/address.ts'
import type { Queue } from '../../model/topology.ts'
import { holdingProblem, type QueueSize } from './holding-problem.ts'
import type { PlanContext } from '../plan-context.ts'
import type { Block } from '../block.ts'
import { drainsByItself } from '../compare/drains-by-itself.ts'

/** Blocks a move of messages that could lose some, before anything is begun. */
export function moveBlocks(context: PlanContext, at: string, before: Queue, after: Queue): Block[] {
  if (drainsByItself(before, after)) return []
  const problem = holdingProblem({ from: before, to: after, size: sizeOf(context, before) }, context.winners)
  return problem === undefined ? [] : [{ reason: 'move-impossible', address: at, problem }]
}

function sizeOf({ live }: PlanContext, queue: Queue): QueueSize {
  const at = addressOf('queue', queue)
  const messages = live.counts?.get(at)?.messages
  const bytes = live.bytes?.get(at)
  return { ...(messages !== undefined && { messages }), ...(bytes !== undefined && { bytes }) }
}
