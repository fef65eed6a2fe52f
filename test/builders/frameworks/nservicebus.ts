import { binding, exchange, queue } from '../objects.ts'
import type { Declarations } from './declarations.ts'
import { delayLevels } from './delay-levels.ts'

const DELIVERY = 'nsb.v2.delay-delivery'

/**
 * The delay infrastructure that the installers of each endpoint declare.
 *
 * Source: Particular/NServiceBus.RabbitMQ 11.2 `DelayedDelivery/DelayInfrastructure.cs`.
 */
export function nserviceBusDelays(): Declarations {
  return delayLevels({
    nameOf: (level) => `nsb.v2.delay-level-${String(level).padStart(2, '0')}`,
    delivery: DELIVERY,
    type: 'quorum',
  })
}

/**
 * An endpoint with the conventional routing topology, which subscribes to event types such as `Shop.Events:OrderPlaced`,
 * each a class that implements `Shop.Events:IEvent`.
 *
 * Source: Particular/NServiceBus.RabbitMQ 11.2 `Routing/ConventionalRoutingTopology.cs`, `RabbitMQTransportInfrastructure.cs`.
 */
export function nserviceBusEndpoint(name: string, ...eventTypes: readonly string[]): Declarations {
  const fanout = { type: 'fanout' }
  const toExchange = { destinationType: 'exchange' } as const
  return {
    exchanges: [
      exchange(name, fanout),
      ...(eventTypes.length > 0 ? [exchange('System:Object', fanout)] : []),
      ...eventTypes.map((type) => exchange(type, fanout)),
    ],
    queues: [queue(name, { type: 'quorum' })],
    bindings: [
      binding(name, name),
      binding(DELIVERY, name, { ...toExchange, routingKey: `#.${name}` }),
      ...eventTypes.flatMap((type) => [binding(type, 'System:Object', toExchange), binding(type, name, toExchange)]),
    ],
  }
}

/**
 * An endpoint with the direct routing topology.
 *
 * Source: Particular/NServiceBus.RabbitMQ 11.2 `Routing/DirectRoutingTopology.cs`.
 */
export function nserviceBusDirectEndpoint(name: string, ...eventTypes: readonly string[]): Declarations {
  return {
    exchanges: [],
    queues: [queue(name, { type: 'quorum' })],
    bindings: [
      binding(DELIVERY, name, { routingKey: `#.${name}` }),
      ...eventTypes.map((type) => binding('amq.topic', name, { routingKey: `${type.replaceAll(/[.:]/g, '-')}.#` })),
    ],
  }
}
