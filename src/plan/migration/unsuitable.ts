import type { Block } from '../block.ts'
import type { Unsuitable } from '../note.ts'

/**
 * Why a queue cannot be migrated; undefined if it can, or if a reason is not about this queue alone: a run without AMQP
 * would leave out all queues, and seem to succeed.
 */
export function whyUnsuitable(blocks: readonly Block[]): Unsuitable | undefined {
  const reasons = blocks.map(unsuitableBy)
  return reasons.includes(undefined) ? undefined : reasons[0]
}

function unsuitableBy(block: Block): Unsuitable | undefined {
  if (block.reason === 'move-impossible') return block.problem
  if (block.reason === 'protected') return { problem: 'protected' }
  if (block.reason === 'holding-name-taken') return { problem: 'holding-name-taken', holding: block.holding }
  return block.reason === 'queue-uncounted' ? { problem: 'uncounted', because: block.because } : undefined
}
