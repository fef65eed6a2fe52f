import { address } from '../../model/address.ts'
import type { Kind } from '../../model/topology.ts'
import type { PlanContext } from '../plan-context.ts'
import type { Block } from '../block.ts'

/** Blocks the deletion, even a brief one, of a queue, an exchange or a virtual host whose messages could not be counted. */
export function uncountedBlocks({ live }: PlanContext, kind: Kind, at: string, name: string): Block[] {
  const { uncounted, uncountedFor: lacks, uncountedQueues = new Map<string, string>() } = live
  if (uncounted !== undefined)
    return [{ reason: 'uncounted', address: at, because: uncounted, ...(lacks && { lacks }) }]
  const isMeant = (queue: string) =>
    kind === 'vhost' ? queue.startsWith(address('queue', name, '')) : kind === 'queue' && queue === at
  const found = [...uncountedQueues].find(([queue]) => isMeant(queue))
  if (found === undefined) return []
  const [queue, because] = found
  return [{ reason: 'queue-uncounted', address: at, queue, because }]
}
