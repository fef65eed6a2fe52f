import type { Binding, Exchange, Queue } from '../../model/topology.ts'
import { captured, type FrameworkRules } from './rule.ts'
import type { VhostShape } from './vhost-shape.ts'

const DELAY_LEVEL = 'Delayed messages wait in it. Every endpoint declares it when its installers run.'
const DELAY_LEVEL_NAME = /^nsb\.(?:v2\.)?delay-level-\d{2}$/
const DELAY_DELIVERY_NAME = /^nsb\.(?:v2\.)?delay-delivery$/

/**
 * What NServiceBus.RabbitMQ declares, from Particular/NServiceBus.RabbitMQ 11.2:
 * `DelayedDelivery/DelayInfrastructure.cs`, `Routing/ConventionalRoutingTopology.cs` and
 * `Routing/DirectRoutingTopology.cs`. Versions before 7 use the names without `v2`.
 */
export const NSERVICEBUS: FrameworkRules = {
  framework: 'NServiceBus',
  exchanges: [
    { what: 'delay level', role: 'shared-infrastructure', name: DELAY_LEVEL_NAME, why: DELAY_LEVEL },
    {
      what: 'delay delivery',
      role: 'shared-infrastructure',
      name: DELAY_DELIVERY_NAME,
      why: 'It passes delayed messages to the endpoints. Every endpoint declares it when its installers run.',
    },
    {
      what: 'endpoint',
      role: 'application',
      name: /./,
      shape: ({ name, type }, vhost) => type === 'fanout' && receivesDelayed(vhost.toExchange(name), name),
      why: 'The endpoint of this name declares it when its installers run.',
    },
    {
      what: 'message type',
      role: 'application',
      name: /^(?:[\w.]+)?:[\w`+]+$/,
      shape: isMessageType,
      why: 'Endpoints declare it when they subscribe to this type or publish it.',
    },
  ],
  queues: [
    { what: 'delay level', role: 'shared-infrastructure', name: DELAY_LEVEL_NAME, why: DELAY_LEVEL },
    {
      what: 'endpoint',
      role: 'application',
      name: /./,
      shape: isEndpointQueue,
      why: 'The endpoint of this name declares it when its installers run.',
    },
  ],
}

/** Both routing topologies bind the endpoint to the delay delivery exchange with this key. */
function receivesDelayed(bindings: readonly Binding[], name: string): boolean {
  return bindings.some(({ source, routingKey }) => DELAY_DELIVERY_NAME.test(source) && routingKey === `#.${name}`)
}

function isEndpointQueue({ name }: Queue, vhost: VhostShape): boolean {
  if (receivesDelayed(vhost.toQueue(name), name)) return true
  return vhost.isPair(name) && receivesDelayed(vhost.toExchange(name), name)
}

/**
 * The exchange of a class is bound to that of its base class, so each chain ends at `System.Object`; those of
 * interfaces are not.
 */
function isMessageType({ name, type }: Exchange, vhost: VhostShape, parts: RegExpExecArray): boolean {
  if (type !== 'fanout') return false
  if (captured(parts, 0) === 'System:Object') return true
  return vhost.from(name).some(({ destinationType, destination }) => {
    if (destinationType === 'queue') return false
    return destination === 'System:Object' || receivesDelayed(vhost.toExchange(destination), destination)
  })
}
