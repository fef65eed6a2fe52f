import type { VhostDeclaration } from '../declaration/document.ts'
import type { VirtualHost } from '../model/topology.ts'
import { sortedSet } from './sort.ts'

/** Makes a vhost. Only the long form claims it; the short form refers to it and owns nothing of it. */
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
