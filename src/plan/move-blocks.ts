import type { Queue } from '../model/topology.ts'
import { holdingProblem } from './holding-problem.ts'
import type { PlanContext } from './plan-context.ts'
import type { Block } from './plan.ts'
import { runsOutByItself } from './runs-out-by-itself.ts'

/** Blocks a move of messages that could lose some, before anything is begun. */
export function moveBlocks(context: PlanContext, at: string, before: Queue, after: Queue): Block[] {
  if (runsOutByItself(before, after)) return []
  const problem = holdingProblem(before, context.winners)
  return problem === undefined ? [] : [{ reason: 'move-impossible', address: at, problem }]
}
