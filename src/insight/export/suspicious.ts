import { addressOf } from '../../model/address.ts'
import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import { winnersOf } from '../../model/policies/winning-policies.ts'
import type { Topology } from '../../model/topology.ts'
import { textArgument } from './topology-lookup.ts'

/** Lists possible mistakes in an existing topology, one sentence each, sorted. */
export function suspiciousIn(topology: Topology, version: string): readonly string[] {
  const exchanges = new Set(topology.exchanges.map((each) => JSON.stringify([each.vhost, each.name])))
  const isMissing = (vhost: string, name: string | undefined): name is string =>
    name !== undefined && !isBuiltInExchange(name) && !exchanges.has(JSON.stringify([vhost, name]))
  const { policies } = winnersOf(topology, version === '' ? undefined : version)
  return [
    ...topology.queues.flatMap((queue) => {
      const exchange = textArgument(queue, 'x-dead-letter-exchange')
      return isMissing(queue.vhost, exchange)
        ? [`${addressOf('queue', queue)} sends dead letters to ${JSON.stringify(exchange)}, which does not exist`]
        : []
    }),
    ...topology.exchanges.flatMap((exchange) => {
      const alternate = textArgument(exchange, 'alternate-exchange')
      return isMissing(exchange.vhost, alternate)
        ? [`${addressOf('exchange', exchange)} has the alternate ${JSON.stringify(alternate)}, which does not exist`]
        : []
    }),
    ...topology.queues.flatMap((queue) => {
      const winners = policies.of(queue).filter(({ certain }) => certain)
      if (winners.length < 2) return []
      const names = winners.map(({ policy }) => JSON.stringify(policy.name)).join(', ')
      return [
        `${addressOf('queue', queue)}: it is undefined which policy applies, since priorities are equal: ${names}`,
      ]
    }),
  ].toSorted()
}
