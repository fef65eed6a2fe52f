import type { Exchange, Queue } from '../topology.ts'
import { settingOf, settingsChangedBy } from './effective-settings.ts'
import { type WinnersOfBoth, type WinningPolicies, possibleWinners } from './winning-policies.ts'

/** Where a queue sends its dead letters. */
export interface DeadLetterTarget {
  /** Empty for the default exchange. */
  readonly exchange: string
  /** Absent where dead letters keep the key that they were published with. */
  readonly routingKey?: string
  /** Whether the messages of the queue also expire, so that all waiting ones go there. */
  readonly delays: boolean
}

/**
 * Where a queue sends its dead letters by its arguments and the policies that hold for it. There are several answers where
 * it is open which policy holds; undefined among them means that it sends them nowhere.
 */
export function deadLetterTargets(
  queue: Queue,
  { policies, operatorPolicies }: WinnersOfBoth,
): readonly (DeadLetterTarget | undefined)[] {
  return possibleWinners(policies.of(queue)).flatMap((own) =>
    possibleWinners(operatorPolicies.of(queue)).map((operators): DeadLetterTarget | undefined => {
      const changed = settingsChangedBy(queue, {
        ...(own && { policy: own.policy }),
        ...(operators && { operatorPolicy: operators.policy }),
      })
      const exchange = settingOf(queue, changed, 'dead-letter-exchange')
      const routingKey = settingOf(queue, changed, 'dead-letter-routing-key')
      if (typeof exchange !== 'string') return undefined
      const delays = settingOf(queue, changed, 'message-ttl') !== undefined
      return { exchange, delays, ...(typeof routingKey === 'string' && { routingKey }) }
    }),
  )
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
