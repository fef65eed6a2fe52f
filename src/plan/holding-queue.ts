import { createHash } from 'node:crypto'
import type { Queue } from '../model/topology.ts'

const SUFFIX = '.moving'
const LONGEST_NAME = 255
const HASH_DIGITS = 16

/**
 * The queue that stands in for another while that is replaced. A quorum queue with a delivery limit that is never
 * reached (`-1` would drop at the first return on 3.10, none at the 21st on 4.0), without a length or a time to live.
 */
export function holdingQueue({ vhost, name }: Pick<Queue, 'vhost' | 'name'>): Queue {
  return {
    vhost,
    name: holdingName(name),
    type: 'quorum',
    durable: true,
    autoDelete: false,
    arguments: { 'x-delivery-limit': 1_000_000 },
  }
}

/** `<queue>.moving`; where that is too long, the beginning of the name with a hash of it. */
function holdingName(name: string): string {
  if (Buffer.byteLength(name + SUFFIX) <= LONGEST_NAME) return name + SUFFIX
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_DIGITS)
  const room = LONGEST_NAME - HASH_DIGITS - 1 - SUFFIX.length
  let beginning = name
  while (Buffer.byteLength(beginning) > room) beginning = beginning.slice(0, -1)
  // Half of a character that takes two is none.
  return `${beginning.replace(/[\uD800-\uDBFF]$/, '')}.${hash}${SUFFIX}`
}
