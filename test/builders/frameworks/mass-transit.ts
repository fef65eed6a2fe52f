import type { Exchange } from '../../../src/model/topology.ts'
import { binding, exchange, queue } from '../objects.ts'
import type { Declarations } from './declarations.ts'

const BUS = 'web1_ShopApi_bus_8yyyyyfdyyyn5x7obdyfoxjcwp'
const toExchange = { destinationType: 'exchange' } as const

/**
 * A bus with endpoints that each consume one message type: their queues, the queues of failed and skipped messages, a
 * delayed message for the first endpoint, and the endpoint of the bus itself.
 *
 * Sources: MassTransit/MassTransit 8.5.8 `src/Transports/MassTransit.RabbitMqTransport`: `RabbitMqEndpointAddress.cs`,
 * `RabbitMqTransport/Configuration/RabbitMqReceiveEndpointBuilder.cs`, `RabbitMqBusFactoryConfigurator.cs`,
 * `RabbitMqTransport/Topology/RabbitMqErrorSettings.cs`, `RabbitMqDeadLetterSettings.cs`, `RabbitMqMessageNameFormatter.cs`;
 * and `src/MassTransit/Configuration/DefaultEndpointNameFormatter.cs`.
 */
export function massTransit(endpoints: Readonly<Record<string, string>>): Declarations {
  const names = Object.keys(endpoints)
  const types = [...new Set(Object.values(endpoints))]
  const pairs = names.flatMap((name) => [name, `${name}_error`, `${name}_skipped`])
  return {
    exchanges: [
      ...types.map((type) => fanout(type)),
      ...pairs.map((name) => fanout(name)),
      ...names
        .slice(0, 1)
        .map((name) =>
          exchange(`${name}_delay`, { type: 'x-delayed-message', arguments: { 'x-delayed-type': 'fanout' } }),
        ),
      fanout(BUS, { durable: false, autoDelete: true }),
    ],
    queues: [
      ...pairs.map((name) => queue(name)),
      queue(BUS, { durable: false, autoDelete: true, arguments: { 'x-expires': 60_000 } }),
    ],
    bindings: [
      ...pairs.map((name) => binding(name, name)),
      ...Object.entries(endpoints).map(([name, type]) => binding(type, name, toExchange)),
      ...names.slice(0, 1).map((name) => binding(`${name}_delay`, name, toExchange)),
      binding(BUS, BUS),
    ],
  }
}

function fanout(name: string, properties: Partial<Exchange> = {}): Exchange {
  return exchange(name, { type: 'fanout', ...properties })
}
