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
  switch (block.reason) {
    case 'move-impossible':
      return block.problem
    case 'protected':
      return { problem: 'protected' }
    case 'holding-name-taken':
      return { problem: 'holding-name-taken', holding: block.holding }
    case 'queue-uncounted':
      return { problem: 'uncounted', because: block.because }
    default:
      return undefined
  }
}
