import type { Policy, Queue, Topology } from '../model/topology.ts'
import { addressOf } from '../model/address.ts'
import { holdingProblem } from './holding-problem.ts'
import type { PlanContext } from './plan-context.ts'
import type { Block } from './plan.ts'
import { runsOutByItself } from './runs-out-by-itself.ts'

/** Blocks a move of messages that could lose some, before anything is begun. */
export function moveBlocks(context: PlanContext, at: string, before: Queue, after: Queue): Block[] {
  if (runsOutByItself(before, after)) return []
  const problem = holdingProblem(before, {
    policies: asTheyWillBe(context, 'policy'),
    operatorPolicies: asTheyWillBe(context, 'operator-policy'),
  })
  return problem === undefined ? [] : [{ reason: 'move-impossible', address: at, problem }]
}

/** The live policies, and the declared ones in their place. */
function asTheyWillBe({ live, desired, declared }: PlanContext, kind: 'policy' | 'operator-policy'): readonly Policy[] {
  const of = (topology: Topology) => (kind === 'policy' ? topology.policies : topology.operatorPolicies)
  return [...of(live.topology).filter((each) => !desired.has(kind, addressOf(kind, each))), ...of(declared)]
}
