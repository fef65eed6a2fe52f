import { address } from '../../model/address.ts'
import type { Queue } from '../../model/topology.ts'
import { holdingQueue } from './holding-queue.ts'
import type { PlanContext } from '../plan-context.ts'
import type { Block } from '../block.ts'

/**
 * Blocks a step for which messages wait in a queue of a generated name, where there is a queue of this name or the files
 * declare one: the step would take it for its own, move its messages, and delete it.
 *
 * @param at the address of what the queue becomes
 * @param resumes whether a run that was stopped has begun the step: what is on the broker is then the step's own
 */
export function holdingNameBlocks(context: PlanContext, at: string, from: Queue, resumes = false): Block[] {
  const { vhost, name } = holdingQueue(from)
  const holding = address('queue', vhost, name)
  const { live, desiredIndex, liveIndex } = context
  const declared = desiredIndex.get('queue', holding)
  const isLive = !resumes && (liveIndex.has('queue', holding) || live.untouchable.has(holding))
  if (declared === undefined && !isLive) return []
  const places = [declared?.origin, desiredIndex.get('queue', at)?.origin]
  return [
    {
      reason: 'holding-name-taken',
      address: at,
      holding,
      ...(declared && { declared: true }),
      places: places.flatMap((each) => each ?? []),
    },
  ]
}
