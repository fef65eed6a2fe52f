import { finding } from '../../../diagnostics/findings/finding.ts'
import { partitionLockName, waitingQueueName, workersQueueName } from '../../../model/generated-names.ts'
import { coordinationQueues, type PartitionSharing } from '../../../model/routes.ts'
import type { Queue } from '../../../model/topology.ts'
import type { ExpandContext } from '../expand-context.ts'
import { argumentTable } from './argument-table.ts'
import { type Partition, referToSuperStream, reportDerivedQueue, type SuperStreams } from './super-streams.ts'

/** The sharing of each subscription to a super stream, and the queues that all of them need. */
export interface ExpandedSharing {
  /** By the name of the subscription. */
  readonly bySubscription: ReadonlyMap<string, PartitionSharing>
  readonly queues: readonly Queue[]
}

/** Expands each subscription to a super stream into the queues by which its workers share the partitions. */
export function expandSharing(scope: ExpandContext, { partitions, queues: streams }: SuperStreams): ExpandedSharing {
  const bySubscription = new Map<string, PartitionSharing>()
  const taken = new Set(streams.map(({ name }) => name))
  const queues: Queue[] = []
  for (const [name, section] of Object.entries(scope.vhost.subscriptions)) {
    const { superStream: of } = section
    if (of === undefined) continue
    const shared = referToSuperStream(scope, partitions, section)
    const sharing = sharingOf(of, name, shared ?? [])
    bySubscription.set(name, sharing)
    if (!shared) continue
    const origin = scope.locate(scope.vhost.subscriptions, name)
    for (const queue of coordinationQueues({ sharing })) {
      if (taken.has(queue)) scope.report(finding('derived-name-taken', { kind: 'queue', name: queue, of }, origin))
      else reportDerivedQueue(scope, of, queue, { origin })
      taken.add(queue)
      queues.push({
        vhost: scope.vhost.name,
        name: queue,
        // A quorum queue lets several consumers be exclusive (tested on RabbitMQ 3.10, 4.0 and 4.3).
        type: 'classic',
        durable: true,
        autoDelete: false,
        arguments: argumentTable(),
        role: { kind: 'coordination', of },
        origin,
      })
    }
  }
  return { bySubscription, queues }
}

function sharingOf(superStream: string, subscription: string, partitions: readonly Partition[]): PartitionSharing {
  return {
    partitions: partitions.map(({ queue }) => ({ queue, lock: partitionLockName(superStream, subscription, queue) })),
    workers: workersQueueName(superStream, subscription),
    waiting: waitingQueueName(superStream, subscription),
  }
}
