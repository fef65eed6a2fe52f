import type { SuperStreamSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Location } from '../../../diagnostics/location.ts'
import { excessiveLength, partitionName } from '../../../model/generated-names.ts'
import type { Binding, Declared, Exchange, Queue } from '../../../model/topology.ts'
import { argumentTable } from './argument-table.ts'
import type { ExpandContext } from '../expand-context.ts'

/** The objects of a vhost's super streams. */
export interface SuperStreams {
  readonly exchanges: readonly Exchange[]
  readonly queues: readonly Queue[]
  readonly bindings: readonly Binding[]
  /** The partitions of each super stream, in order. */
  readonly partitions: ReadonlyMap<string, readonly Partition[]>
}

/** A stream of a super stream, and its binding key. */
export interface Partition {
  readonly queue: string
  readonly key: string
}

/**
 * Expands each super stream into the objects that `rabbitmq-streams add_super_stream` creates (rabbit_stream_manager):
 * a direct exchange, a stream for each partition, and a binding for each with its key. The key is the number of the
 * partition unless there are `bindingKeys`.
 */
export function expandSuperStreams(scope: ExpandContext): SuperStreams {
  const { vhost, locate } = scope
  const all = Object.entries(vhost.superStreams).map(([name, section]) => {
    const origin = locate(vhost.superStreams, name)
    return superStream(scope, name, keysOf(scope, section, origin), { origin })
  })
  return {
    exchanges: all.map(({ exchange }) => exchange),
    queues: all.flatMap(({ queues }) => queues),
    bindings: all.flatMap(({ bindings }) => bindings),
    partitions: new Map(
      all.map(({ exchange, bindings }) => [
        exchange.name,
        bindings.map(({ destination, routingKey }) => ({ queue: destination, key: routingKey })),
      ]),
    ),
  }
}

/** The binding keys of the partitions, in order. */
function keysOf({ locate, report }: ExpandContext, section: SuperStreamSection, origin: Location): readonly string[] {
  const { partitions, bindingKeys } = section
  if ((partitions === undefined) === (bindingKeys === undefined)) report(finding('super-stream-partitions', {}, origin))
  if (bindingKeys === undefined) return Array.from({ length: partitions ?? 0 }, (_, at) => String(at))
  for (const [at, key] of bindingKeys.entries()) {
    if (bindingKeys.indexOf(key) < at) report(finding('binding-key-twice', { key }, locate(bindingKeys, at, 'value')))
  }
  return [...new Set(bindingKeys)]
}

/** The partitions of the super stream that a route names; reports one that is not declared. */
export function referToSuperStream(
  scope: ExpandContext,
  all: SuperStreams['partitions'],
  section: { readonly superStream?: string },
): readonly Partition[] | undefined {
  const { superStream: name = '' } = section
  const partitions = all.get(name)
  if (partitions) return partitions
  const args = { name, vhost: scope.vhost.name, ...scope.suggest('super stream', name, all.keys()) }
  scope.report(finding('unknown-super-stream', args, scope.locate(section, 'superStream', 'value')))
  return undefined
}

function superStream(scope: ExpandContext, name: string, keys: readonly string[], declared: Declared) {
  const vhost = scope.vhost.name
  const partitions = keys.map((key, at) => ({ at, key, queue: partitionName(name, key) }))
  for (const { queue } of partitions) reportDerivedQueue(scope, name, queue, declared)
  reportExchange(scope, name, declared)
  const exchange: Exchange = {
    vhost,
    name,
    type: 'direct',
    durable: true,
    autoDelete: false,
    internal: false,
    arguments: argumentTable({ 'x-super-stream': true }),
    ...declared,
  }
  const queues = partitions.map(({ queue }): Queue => ({
    vhost,
    name: queue,
    type: 'stream',
    durable: true,
    autoDelete: false,
    arguments: argumentTable(),
    role: { kind: 'partition', of: name },
    ...declared,
  }))
  const bindings = partitions.map(({ at, key, queue }): Binding => ({
    vhost,
    source: name,
    destinationType: 'queue',
    destination: queue,
    routingKey: key,
    arguments: argumentTable({ 'x-stream-partition-order': at }),
    ...declared,
  }))
  return { exchange, queues, bindings }
}

/** Reports the name of a derived queue if it is too long, or if a declared queue has it. */
export function reportDerivedQueue(
  { vhost, locate, report }: ExpandContext,
  of: string,
  name: string,
  { origin }: Declared,
): void {
  const bytes = excessiveLength(name)
  if (bytes !== undefined) report(finding('derived-name-too-long', { name, bytes, of }, origin))
  if (!Object.hasOwn(vhost.queues, name)) return
  const related = [{ label: 'declared', location: locate(vhost.queues, name) }]
  report(finding('derived-name-taken', { kind: 'queue', name, of }, origin, related))
}

function reportExchange({ vhost, locate, report }: ExpandContext, name: string, { origin }: Declared): void {
  if (!Object.hasOwn(vhost.exchanges, name)) return
  const related = [{ label: 'declared', location: locate(vhost.exchanges, name) }]
  report(finding('derived-name-taken', { kind: 'exchange', name, of: name }, origin, related))
}
