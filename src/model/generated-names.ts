import { createHash } from 'node:crypto'
import { durationLabel } from './values/duration.ts'

/** The longest name, or routing key, that AMQP can carry (a short string), in bytes. */
export const LONGEST_NAME = 255

const FAILED = '.failed'
const MOVING = '.moving'
const LOCK = 'warren.lock.'
const HASH_DIGITS = 16

/** The exchange through which everything passes that failed in a queue. `deadLetter: { by: policy }` names its policy so too. */
export function failedExchangeName(queue: string): string {
  return queue + FAILED
}

/** The queue whose failed messages an exchange of this name takes; undefined when it is no such name. */
export function queueOfFailedExchange(exchange: string): string | undefined {
  return exchange.endsWith(FAILED) ? exchange.slice(0, -FAILED.length) : undefined
}

/** The dead-letter queue of a queue. */
export function deadLetterQueueName(queue: string): string {
  return `${queue}.dead`
}

/** The queue in which failed messages of a queue wait for one delay, which is in milliseconds. */
export function delayQueueName(queue: string, delay: number): string {
  return `${queue}.retry.${durationLabel(delay)}`
}

/**
 * The stream of one partition of a super stream.
 *
 * @param partition its binding key, which is its number where there are no others
 */
export function partitionName(superStream: string, partition: string): string {
  return `${superStream}-${partition}`
}

/**
 * The queue in which the messages of a queue wait while that is replaced: `<queue>.moving`; where that is too long, the
 * beginning of the name with a hash of it.
 */
export function holdingQueueName(queue: string): string {
  if (Buffer.byteLength(queue + MOVING) <= LONGEST_NAME) return queue + MOVING
  const hash = createHash('sha256').update(queue).digest('hex').slice(0, HASH_DIGITS)
  const room = LONGEST_NAME - HASH_DIGITS - 1 - MOVING.length
  let beginning = queue
  while (Buffer.byteLength(beginning) > room) beginning = beginning.slice(0, -1)
  // Half of a surrogate pair is not a character.
  return `${beginning.replace(/[\uD800-\uDBFF]$/, '')}.${hash}${MOVING}`
}

/** The queue that only one apply of a project can have in a virtual host at a time. */
export function lockName(project: string): string {
  const name = LOCK + project
  return Buffer.byteLength(name) <= LONGEST_NAME ? name : LOCK + createHash('sha256').update(project).digest('hex')
}

/** Whether a queue of this name would be, or keep away, the lock of a project. */
export function isLockName(queue: string): boolean {
  return queue.startsWith(LOCK)
}
