import { kindOf } from '../../model/address.ts'
import type { Block } from '../../plan/block.ts'
import type { AffectedObject } from '../../plan/change.ts'
import { countOf } from '../words/count-of.ts'
import { showText } from '../words/show-value.ts'

/** Explains why an object is not deleted with which the broker would delete others, and what to do. */
export function explainCascades({
  address,
  objects,
}: Extract<Block, { reason: 'cascades' }>): [what: string, remedy: string] {
  const named = objects.map((each) => `${each.address} (${ownerOf(each)})`).join(', ')
  const would = `RabbitMQ would delete ${countOf(objects.length, 'object')} with it`
  // Only a prune is blocked so, whose permission for the virtual host covers nothing of that.
  if (kindOf(address) === 'vhost') {
    return [
      `${would} that this prune does not delete: ${named}`,
      `delete the rest and keep the vhost with  --exclude ${address}`,
    ]
  }
  return [
    `${would} that this project does not own: ${named}`,
    `delete them too with  --allow delete=${address}   or keep it with  --exclude ${address}`,
  ]
}

/** Explains why an object is not deleted or renamed to which others send messages, and what to do. */
export function explainStillUsed({
  address,
  senders,
}: Extract<Block, { reason: 'still-used' }>): [what: string, ...ways: string[]] {
  const named = senders.map((each) => `${each.address} (${ownerOf(each)})`).join(', ')
  return [
    `dead letters, or messages that cannot be routed, are sent there, and the broker would drop them: by ${named}`,
    `lead them elsewhere first, or lose them with  --allow delete=${address}`,
  ]
}

function ownerOf({ project, own }: AffectedObject): string {
  if (project !== undefined) return `owned by ${showText(project)}`
  return own === true ? 'owned by this project' : 'not owned by any project'
}
