import type { Exchange, Queue } from '../topology.ts'
import { settingOf } from './effective-settings.ts'
import { possibleChanges } from './possible-changes.ts'
import type { WinnersOfBoth, WinningPolicies } from './winning-policies.ts'

/** The destination of a queue's dead letters. */
export interface DeadLetterTarget {
  /** Empty for the default exchange. */
  readonly exchange: string
  /** Absent if dead letters keep their own key. */
  readonly routingKey?: string
  /** Whether the messages of the queue also expire, so that all of them go there eventually. */
  readonly delays: boolean
}

/**
 * The possible destinations of a queue's dead letters, from its arguments and the policies that apply. There are
 * several if it is unknown which policy applies; undefined means that dead letters are dropped.
 */
export function deadLetterTargets(queue: Queue, winners: WinnersOfBoth): readonly (DeadLetterTarget | undefined)[] {
  const known = KNOWN.get(winners) ?? new WeakMap<Queue, readonly (DeadLetterTarget | undefined)[]>()
  KNOWN.set(winners, known)
  const targets = known.get(queue) ?? computeTargets(queue, winners)
  known.set(queue, targets)
  return targets
}

/** Several rules ask for the same queues. */
const KNOWN = new WeakMap<WinnersOfBoth, WeakMap<Queue, readonly (DeadLetterTarget | undefined)[]>>()

function computeTargets(queue: Queue, winners: WinnersOfBoth): readonly (DeadLetterTarget | undefined)[] {
  return possibleChanges(queue, winners).map(({ changed }): DeadLetterTarget | undefined => {
    const exchange = settingOf(queue, changed, 'dead-letter-exchange')
    const routingKey = settingOf(queue, changed, 'dead-letter-routing-key')
    if (typeof exchange !== 'string') return undefined
    const delays = settingOf(queue, changed, 'message-ttl') !== undefined
    return { exchange, delays, ...(typeof routingKey === 'string' && { routingKey }) }
  })
}

/**
 * The names of the exchanges that may receive the unroutable messages of an exchange. Its argument overrides a policy.
 */
export function alternatesOf(exchange: Exchange, policies: WinningPolicies): readonly string[] {
  const own = exchange.arguments['alternate-exchange']
  if (typeof own === 'string') return [own]
  return policies.ofExchange(exchange).flatMap(({ policy }) => {
    const name = policy.definition['alternate-exchange']
    return typeof name === 'string' ? [name] : []
  })
}
