import type { Exchange } from '../../model/topology.ts'
import { captured, type FrameworkRules } from './rule.ts'
import type { VhostShape } from './vhost-shape.ts'

const TEMPORARY =
  'A running process receives its responses and its temporary subscriptions here. It declares it at every start.'
/** `<machine>_<process>_<tag>_<id>`, where the id is a NewId in the lower-case alphabet of z-base-32. */
const TEMPORARY_NAME = /^[A-Za-z0-9]*_[A-Za-z0-9]*_[\w-]+_[ybndrfg8ejkmcpqxot1uwisza345h769]{26}$/
const ERROR = 'Messages whose consumers failed are moved here. MassTransit declares it with the first such message.'
const SKIPPED = 'Messages that no consumer handles are moved here. MassTransit declares it with the first such message.'

/**
 * The declarations of MassTransit, from MassTransit/MassTransit 8.5.8,
 * `src/Transports/MassTransit.RabbitMqTransport`: `RabbitMqEndpointAddress.cs`,
 * `RabbitMqTransport/Configuration/RabbitMqReceiveEndpointBuilder.cs` and `RabbitMqBusFactoryConfigurator.cs`,
 * `RabbitMqTransport/Topology/RabbitMqErrorSettings.cs` and `RabbitMqDeadLetterSettings.cs`; and
 * `src/MassTransit/Configuration/DefaultEndpointNameFormatter.cs`.
 */
export const MASS_TRANSIT: FrameworkRules = {
  framework: 'MassTransit',
  exchanges: [
    {
      what: 'temporary endpoint',
      role: 'infrastructure',
      name: TEMPORARY_NAME,
      shape: ({ autoDelete }) => autoDelete,
      why: TEMPORARY,
    },
    { what: 'error queue', role: 'infrastructure', name: /^(.+)_error$/, shape: isMovedTo, why: ERROR },
    { what: 'skipped queue', role: 'infrastructure', name: /^(.+)_skipped$/, shape: isMovedTo, why: SKIPPED },
    {
      what: 'delay exchange',
      role: 'infrastructure',
      name: /^(.+)_delay$/,
      shape: ({ name, type }, vhost, parts) =>
        type === 'x-delayed-message' && vhost.from(name).some(({ destination }) => destination === captured(parts)),
      why: 'Messages to the endpoint are delayed here. MassTransit declares it with the first such message.',
    },
    {
      what: 'message type',
      role: 'application',
      name: /^[A-Za-z_][\w.+]*:[A-Za-z_][\w.:+-]*$/,
      shape: isMessageType,
      why: 'Applications declare it when they subscribe to this type or publish it.',
    },
    {
      what: 'endpoint',
      role: 'application',
      name: /./,
      shape: ({ name, type }, vhost) => type === 'fanout' && isEndpoint(name, vhost),
      why: 'The application that consumes from the queue of this name declares it at every start.',
    },
  ],
  queues: [
    {
      what: 'temporary endpoint',
      role: 'infrastructure',
      name: TEMPORARY_NAME,
      shape: ({ autoDelete, arguments: table }) => autoDelete || 'x-expires' in table,
      why: TEMPORARY,
    },
    { what: 'error queue', role: 'infrastructure', name: /^(.+)_error$/, shape: isMovedTo, why: ERROR },
    { what: 'skipped queue', role: 'infrastructure', name: /^(.+)_skipped$/, shape: isMovedTo, why: SKIPPED },
    {
      what: 'endpoint',
      role: 'application',
      name: /./,
      shape: ({ name }, vhost) => isEndpoint(name, vhost),
      why: 'The application that consumes from it declares it at every start.',
    },
  ],
}

/** Error and skipped queues are each bound to a fanout exchange of the same name. An endpoint is such a pair too. */
function isMovedTo({ name }: { readonly name: string }, vhost: VhostShape, parts: RegExpExecArray): boolean {
  return isFanoutPair(name, vhost) && isFanoutPair(captured(parts), vhost)
}

function isFanoutPair(name: string, vhost: VhostShape): boolean {
  return vhost.isPair(name) && vhost.exchange(name)?.type === 'fanout'
}

/** `Namespace:Type`. It is bound to endpoints and to the types that this type implements, never to queues. */
function isMessageType({ name, type }: Exchange, vhost: VhostShape): boolean {
  const bindings = vhost.from(name)
  return (
    type === 'fanout' &&
    bindings.length > 0 &&
    bindings.every(
      ({ destinationType, destination }) =>
        destinationType === 'exchange' && (MESSAGE_TYPE.test(destination) || vhost.isPair(destination)),
    )
  )
}

const MESSAGE_TYPE = /^[A-Za-z_][\w.+]*:[A-Za-z_][\w.:+-]*$/

/**
 * A fanout exchange and a queue with the same name. Either a message type is bound to the exchange, or there is an
 * error or skipped queue.
 */
function isEndpoint(name: string, vhost: VhostShape): boolean {
  if (!isFanoutPair(name, vhost)) return false
  if (isFanoutPair(`${name}_error`, vhost) || isFanoutPair(`${name}_skipped`, vhost)) return true
  return vhost.toExchange(name).some(({ source }) => MESSAGE_TYPE.test(source))
}
