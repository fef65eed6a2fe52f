import { countOf } from '../../../../diagnostics/text/count-of.ts'
import type { Check } from '../../check.ts'

export const criticalNode: Check = {
  id: 'critical-node',
  title: 'no node is needed for the majority of a queue',
  needs: ['nodes', 'queues'],
  *check(context) {
    const { nodes = [] } = context.last
    // In a cluster of one node, every queue needs it.
    if (nodes.length < 2) return
    const needing = new Map<string, { readonly example: string; queues: number }>()
    for (const checked of context.queues()) {
      const { members = [], online = [], hasMajority = true } = context.now(checked) ?? {}
      if (members.length === 0 || !hasMajority || 2 * (online.length - 1) > members.length) continue
      for (const node of online) {
        const known = needing.get(node)
        if (known === undefined) needing.set(node, { example: checked.address, queues: 1 })
        else known.queues += 1
      }
    }
    for (const [subject, { example, queues }] of [...needing].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      yield {
        severity: 'warning',
        subject,
        message: `without this node, ${countOf(queues, 'queue')} would lose the majority of its members, such as ${example}`,
        numbers: { queues },
        advice: 'do not stop it; start the missing nodes, or add members with: rabbitmq-queues grow',
      }
    }
  },
}
