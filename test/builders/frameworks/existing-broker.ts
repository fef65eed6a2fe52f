import type { Topology } from '../../../src/model/topology.ts'
import { binding, exchange, permission, policy, queue, topology, user } from '../objects.ts'
import { celery, celeryDelays } from './celery.ts'
import type { Declarations } from './declarations.ts'
import { golevelup } from './golevelup.ts'
import { laravel } from './laravel.ts'
import { massTransit } from './mass-transit.ts'
import { nestMicroservices } from './nestjs.ts'
import { nserviceBusDelays, nserviceBusDirectEndpoint, nserviceBusEndpoint } from './nservicebus.ts'
import { rascal } from './rascal.ts'
import { sneakers } from './sneakers.ts'
import { springCloudStream } from './spring-cloud-stream.ts'
import { symfonyMessenger } from './symfony-messenger.ts'

/**
 * A broker that has grown over years: ten frameworks, custom retry ladders, policies of several generations, users
 * with too many rights, and a shovel. RabbitMQ 3.10 to 4.3 accept all of it.
 */
export function existingBroker(): Topology {
  const programs = [
    nserviceBusDelays(),
    nserviceBusEndpoint('Shop.Billing', 'Shop.Events:OrderPlaced', 'Shop.Events:OrderCancelled'),
    nserviceBusEndpoint('Shop.Shipping', 'Shop.Events:OrderPlaced'),
    nserviceBusDirectEndpoint('Shop.Audit', 'Shop.Events:OrderPlaced'),
    massTransit({
      'submit-order': 'Shop.Contracts:SubmitOrder',
      'check-stock': 'Shop.Contracts:OrderSubmitted',
      'charge-card': 'Shop.Contracts:OrderSubmitted',
    }),
    celery('celery', 'reports', 'thumbnails', 'imports'),
    celeryDelays('exports'),
    springCloudStream('payments', 'ledger', 'mail'),
    springCloudStream('customers', 'crm'),
    rascal('registration'),
    nestMicroservices('catalog', 'search', 'product.created', 'product.*.price', 'product.deleted'),
    golevelup('inventory', { 'inventory.reserve': 'order.placed', 'inventory.release': 'order.cancelled' }),
    laravel('default', 'newsletter'),
    symfonyMessenger('messages'),
    sneakers('downloads', 'uploads'),
    ...['orders', 'refunds', 'invoices', 'returns'].map(handMadeLadder),
    ...Array.from({ length: 12 }, (_, at) => team(`team${at}`)),
  ]
  return topology({
    exchanges: onceByName(programs.flatMap(({ exchanges }) => exchanges)).filter(canBeDeclared),
    queues: onceByName(programs.flatMap(({ queues }) => queues)).filter(({ durable }) => durable),
    bindings: bindingsBetweenDeclared(programs),
    users: [
      user('shop', { tags: [] }),
      user('reporting', { tags: ['monitoring'] }),
      user('old-admin', { tags: ['administrator'] }),
    ],
    permissions: [
      permission('shop', { configure: '.*', write: '.*', read: '.*' }),
      permission('reporting', { read: '.*' }),
    ],
    policies: [
      policy('limits', { pattern: '.*', applyTo: 'queues', priority: 0, definition: { 'max-length': 1_000_000 } }),
      policy('team-ttl', {
        pattern: '^team',
        applyTo: 'queues',
        priority: 5,
        definition: { 'message-ttl': 86_400_000 },
      }),
    ],
    parameters: [
      {
        vhost: '/',
        component: 'shovel',
        name: 'orders-to-archive',
        value: {
          'src-protocol': 'amqp091',
          'src-uri': 'amqp://',
          'src-queue': 'orders.dead',
          'dest-protocol': 'amqp091',
          'dest-uri': 'amqp://',
          'dest-queue': 'orders.archive',
        },
      },
    ],
  })
}

/**
 * Two delay queues that return messages through the default exchange, and a queue for messages that failed too often.
 */
function handMadeLadder(name: string): Declarations {
  const wait = (delay: number) => ({
    'x-message-ttl': delay,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': name,
  })
  return {
    exchanges: [exchange(`${name}.events`, { type: 'topic' }), exchange(`${name}.dlx`)],
    queues: [
      queue(name, {
        type: 'quorum',
        arguments: { 'x-dead-letter-exchange': `${name}.dlx`, 'x-dead-letter-routing-key': 'dead' },
      }),
      queue(`${name}.wait.10s`, { arguments: wait(10_000) }),
      queue(`${name}.wait.5m`, { arguments: wait(300_000) }),
      queue(`${name}.dead`),
      queue(`${name}.archive`),
    ],
    bindings: [
      binding(`${name}.events`, name, { routingKey: `${name}.#` }),
      binding(`${name}.events`, name, { routingKey: `${name}.placed` }),
      binding(`${name}.events`, `${name}.archive`, { routingKey: '#' }),
      binding(`${name}.dlx`, `${name}.dead`, { routingKey: 'dead' }),
    ],
  }
}

/** The declarations of one of many teams: queues with the same pattern, and a queue without publishers. */
function team(name: string): Declarations {
  const queues = ['commands', 'events', 'audit', 'mail']
  return {
    exchanges: [exchange(`${name}.x`, { type: 'topic' }), exchange(`${name}.broadcast`, { type: 'fanout' })],
    queues: [...queues.map((each) => queue(`${name}.${each}`)), queue(`${name}.unused`)],
    bindings: queues.flatMap((each) => [
      binding(`${name}.x`, `${name}.${each}`, { routingKey: `${each}.#` }),
      binding(`${name}.x`, `${name}.${each}`, { routingKey: `all.${each}` }),
      binding(`${name}.broadcast`, `${name}.${each}`),
    ]),
  }
}

/** Leaves out exchanges of plugins, and exchanges that are deleted with their queues. */
function canBeDeclared({
  type,
  durable,
  autoDelete,
}: {
  type: string
  durable: boolean
  autoDelete: boolean
}): boolean {
  return type !== 'x-delayed-message' && durable && !autoDelete
}

function bindingsBetweenDeclared(programs: readonly Declarations[]): Topology['bindings'] {
  const exchanges = new Set(['amq.topic'])
  const queues = new Set<string>()
  for (const program of programs) {
    for (const each of program.exchanges) if (canBeDeclared(each)) exchanges.add(each.name)
    for (const each of program.queues) if (each.durable) queues.add(each.name)
  }
  return programs
    .flatMap(({ bindings }) => bindings)
    .filter(
      ({ source, destinationType, destination }) =>
        exchanges.has(source) && (destinationType === 'queue' ? queues : exchanges).has(destination),
    )
}

function onceByName<T extends { readonly name: string }>(objects: readonly T[]): T[] {
  return [...new Map(objects.map((each) => [each.name, each])).values()]
}
