import type { VhostDeclaration } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Queue, VirtualHost } from '../../../model/topology.ts'
import type { ExpandContext } from '../expand-context.ts'
import { sortedSet } from '../values/sort.ts'

/** Makes a vhost. Only the long form makes the project its owner; the short form is only a reference. */
export function expandVirtualHost({ name, origin, claim }: VhostDeclaration): VirtualHost {
  if (!claim) return { name, claimed: false, origin }
  const { description = '', tags = [], defaultQueueType, limits, protect } = claim
  return {
    name,
    claimed: true,
    description,
    tags: sortedSet(tags),
    ...(defaultQueueType !== undefined && { defaultQueueType }),
    ...(limits && { limits: { ...limits } }),
    ...(protect !== undefined && { protect }),
    origin,
  }
}

/** Reports a limit that is too low for the queues of the files, including derived and external ones. */
export function reportQueueLimit({ vhost: { claim }, locate, report }: ExpandContext, queues: readonly Queue[]): void {
  const limits = claim?.limits
  const limit = limits?.maxQueues
  // A negative limit means no limit.
  if (limits === undefined || limit === undefined || limit < 0 || queues.length <= limit) return
  const derived = queues.filter(({ role }) => role !== undefined).length
  const args = { queues: queues.length, derived, limit }
  report(finding('more-queues-than-limit', args, locate(limits, 'maxQueues', 'value')))
}
