import { addressOf } from '../../../model/address.ts'
import type { Queue } from '../../../model/topology.ts'
import { durationLabel } from '../../../model/values/duration.ts'
import { deadLetterTargets } from '../layout/dead-letter-sources.ts'
import { textArgument, type VhostLookup } from '../topology-lookup.ts'

/** A delay queue of a retry ladder that warren did not create. It is exported without a short form. */
export interface ForeignDelay {
  readonly address: string
  readonly queue: string
  /** In milliseconds. */
  readonly delay: number
  /** The queues that get the messages after the delay. */
  readonly targets: readonly string[]
  /** The exchange that returns the messages; empty for the default exchange. */
  readonly exchange: string
}

/** Finds the delay queues of a virtual host: queues in which messages expire and are dead-lettered to other queues. */
export function foreignDelays(lookup: VhostLookup, derived: ReadonlySet<string>): readonly ForeignDelay[] {
  return Array.from(lookup.queues.values())
    .flatMap((queue) => foreignDelay(queue, lookup, derived) ?? [])
    .toSorted((one, other) => (one.address < other.address ? -1 : 1))
}

function foreignDelay(queue: Queue, lookup: VhostLookup, derived: ReadonlySet<string>): ForeignDelay | undefined {
  const delay = Object.hasOwn(queue.arguments, 'x-message-ttl') ? queue.arguments['x-message-ttl'] : undefined
  const exchange = textArgument(queue, 'x-dead-letter-exchange')
  const address = addressOf('queue', queue)
  if (typeof delay !== 'number' || exchange === undefined || derived.has(address)) return undefined
  const targets = deadLetterTargets(queue, lookup).filter(
    (name) => name !== queue.name && isRetried(name, queue, lookup),
  )
  return targets.length === 0 ? undefined : { address, queue: queue.name, delay, targets, exchange }
}

/**
 * Whether a target may send its failed messages to the queue, judged by its dead-letter settings or by the names of
 * both.
 */
function isRetried(target: string, queue: Queue, lookup: VhostLookup): boolean {
  if (queue.name.startsWith(target)) return true
  const retried = lookup.queues.get(target)
  return retried !== undefined && deadLetterTargets(retried, lookup).includes(queue.name)
}

/** The comment above such a queue. */
export function foreignDelayComment({ delay, targets, exchange }: ForeignDelay): string {
  const names = targets.map((each) => JSON.stringify(each)).join(', ')
  const by = exchange === '' ? 'the default exchange' : `the exchange ${JSON.stringify(exchange)}`
  return `A delay of ${durationLabel(delay)}, after which messages return to ${names} by ${by}. EXPORT.md says how to move to retry.`
}
