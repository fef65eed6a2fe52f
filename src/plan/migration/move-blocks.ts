import { address, addressOf } from '../../model/address.ts'
import type { Kind, Queue } from '../../model/topology.ts'
import type { Block } from '../block.ts'
import { drainsByItself } from '../compare/drains-by-itself.ts'
import { type QueueSize, holdingProblem } from './holding-problem.ts'
import { holdingQueue } from './holding-queue.ts'
import type { PlanContext } from '../plan-context.ts'

/** Blocks a move that could lose messages, before it begins. */
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

/**
 * Blocks deletion, even a temporary one, of a queue, an exchange or a virtual host whose messages could not be
 * counted.
 *
 * @param resumes whether a stopped run has begun the step: it may have stopped while it declared the queue, and the
 *   step counts again before it deletes anything (`apply/migrate/half-declared.ts`). Default false
 */
export function uncountedBlocks({ live }: PlanContext, kind: Kind, at: string, name: string, resumes = false): Block[] {
  const { uncounted, uncountedFor: lacks, uncountedQueues = new Map<string, string>() } = live
  if (uncounted !== undefined)
    return [{ reason: 'uncounted', address: at, because: uncounted, ...(lacks && { lacks }) }]
  if (resumes) return []
  const isMeant = (queue: string) =>
    kind === 'vhost' ? queue.startsWith(address('queue', name, '')) : kind === 'queue' && queue === at
  const found = [...uncountedQueues].find(([queue]) => isMeant(queue))
  if (found === undefined) return []
  const [queue, because] = found
  return [{ reason: 'queue-uncounted', address: at, queue, because }]
}

/**
 * Blocks a step that needs a holding queue if a queue of that name exists or is declared. The step would treat that
 * queue as its own, move its messages, and delete it.
 *
 * @param at the new address of the queue
 * @param resumes whether a stopped run has started the step; then an existing holding queue belongs to the step
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
