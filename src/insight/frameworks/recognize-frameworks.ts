import { address, addressOf } from '../../model/address.ts'
import type { Binding, Topology } from '../../model/topology.ts'
import { CELERY } from './celery.ts'
import type { FrameworkObject } from './framework-object.ts'
import { LARAVEL } from './laravel.ts'
import { MASS_TRANSIT } from './mass-transit.ts'
import { NSERVICEBUS } from './nservicebus.ts'
import { RASCAL } from './rascal.ts'
import type { FrameworkRules, Rule } from './rule.ts'
import { SNEAKERS } from './sneakers.ts'
import { SPRING_CLOUD_STREAM } from './spring-cloud-stream.ts'
import { SYMFONY_MESSENGER } from './symfony-messenger.ts'
import { type VhostShape, vhostShapes } from './vhost-shape.ts'

/**
 * NServiceBus comes before MassTransit: both name exchanges after message types, and only NServiceBus has other
 * typical objects.
 */
const FRAMEWORKS: readonly FrameworkRules[] = [
  NSERVICEBUS,
  MASS_TRANSIT,
  CELERY,
  SPRING_CLOUD_STREAM,
  SYMFONY_MESSENGER,
  LARAVEL,
  SNEAKERS,
  RASCAL,
]

/**
 * Finds the exchanges, queues and bindings that a framework declared, by name and shape.
 *
 * A binding belongs to the framework if one of its ends is infrastructure, or if both ends are shared infrastructure.
 * A binding between an object of an application and shared infrastructure belongs to the application.
 *
 * @returns objects by address; absent ones are not known to come from a framework
 */
export function recognizeFrameworks(topology: Topology): ReadonlyMap<string, FrameworkObject> {
  const recognized = new Map<string, FrameworkObject>()
  const shapes = vhostShapes(topology)
  for (const exchange of topology.exchanges) {
    const object = match(exchange, shapes, ({ exchanges }) => exchanges)
    if (object) recognized.set(addressOf('exchange', exchange), object)
  }
  for (const queue of topology.queues) {
    const object = match(queue, shapes, ({ queues }) => queues)
    if (object) recognized.set(addressOf('queue', queue), object)
  }
  for (const binding of topology.bindings) {
    const object = objectOfBinding(binding, recognized)
    if (object) recognized.set(addressOf('binding', binding), object)
  }
  return recognized
}

function match<O extends { readonly vhost: string; readonly name: string }>(
  object: O,
  shapes: ReadonlyMap<string, VhostShape>,
  rulesOf: (framework: FrameworkRules) => readonly Rule<O>[],
): FrameworkObject | undefined {
  const vhost = shapes.get(object.vhost)
  if (!vhost) return undefined
  for (const each of FRAMEWORKS) {
    const found = rulesOf(each).find(({ name, shape }) => {
      const parts = name.exec(object.name)
      return parts !== null && (shape === undefined || shape(object, vhost, parts))
    })
    if (found) return { framework: each.framework, what: found.what, role: found.role, why: found.why }
  }
  return undefined
}

function objectOfBinding(
  { vhost, source, destinationType, destination }: Binding,
  recognized: ReadonlyMap<string, FrameworkObject>,
): FrameworkObject | undefined {
  const from = recognized.get(address('exchange', vhost, source))
  const to = recognized.get(address(destinationType, vhost, destination))
  const infrastructure = [from, to].find((end) => end?.role === 'infrastructure')
  if (infrastructure) return infrastructure
  return from?.role === 'shared-infrastructure' && to?.role === 'shared-infrastructure' ? from : undefined
}
