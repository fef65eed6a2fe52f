import { finding } from '../diagnostics/finding.ts'
import { LONGEST_NAME, partitionName } from '../model/generated-names.ts'
import type { Binding, Declared, Exchange, Queue } from '../model/topology.ts'
import { argumentTable } from './argument-table.ts'
import type { Scope } from './scope.ts'

/** What the super streams of a vhost come to. */
export interface SuperStreams {
  readonly exchanges: readonly Exchange[]
  readonly queues: readonly Queue[]
  readonly bindings: readonly Binding[]
}

/**
 * Makes of each super stream what `rabbitmq-streams add_super_stream` makes (rabbit_stream_manager): a direct exchange,
 * a stream for each partition, and a binding with the partition's number for each.
 */
export function expandSuperStreams(scope: Scope): SuperStreams {
  const { vhost, locate } = scope
  const all = Object.entries(vhost.superStreams).map(([name, { partitions }]) => {
    const origin = locate(vhost.superStreams, name)
    return superStream(scope, name, partitions, { origin })
  })
  return {
    exchanges: all.map(({ exchange }) => exchange),
    queues: all.flatMap(({ queues }) => queues),
    bindings: all.flatMap(({ bindings }) => bindings),
  }
}

function superStream(scope: Scope, name: string, count: number, declared: Declared) {
  const vhost = scope.vhost.name
  const partitions = Array.from({ length: count }, (_, at) => ({ at, queue: partitionName(name, at) }))
  for (const { queue } of partitions) reportPartition(scope, name, queue, declared)
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
  const bindings = partitions.map(({ at, queue }): Binding => ({
    vhost,
    source: name,
    destinationType: 'queue',
    destination: queue,
    routingKey: String(at),
    arguments: argumentTable({ 'x-stream-partition-order': at }),
    ...declared,
  }))
  return { exchange, queues, bindings }
}

function reportPartition({ vhost, locate, report }: Scope, of: string, name: string, { origin }: Declared): void {
  const bytes = Buffer.byteLength(name)
  if (bytes > LONGEST_NAME) report(finding('derived-name-too-long', { name, bytes, of }, origin))
  if (!Object.hasOwn(vhost.queues, name)) return
  const related = [{ label: 'declared', location: locate(vhost.queues, name) }]
  report(finding('derived-name-taken', { kind: 'queue', name, of }, origin, related))
}

function reportExchange({ vhost, locate, report }: Scope, name: string, { origin }: Declared): void {
  if (!Object.hasOwn(vhost.exchanges, name)) return
  const related = [{ label: 'declared', location: locate(vhost.exchanges, name) }]
  report(finding('derived-name-taken', { kind: 'exchange', name, of: name }, origin, related))
}
