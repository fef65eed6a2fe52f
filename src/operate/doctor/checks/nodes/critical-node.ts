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
    const needing = new Map<string, string[]>()
    for (const checked of context.queues()) {
      const { members = [], online = [], hasMajority = true } = context.now(checked) ?? {}
      if (members.length === 0 || !hasMajority || 2 * (online.length - 1) > members.length) continue
      for (const node of online) needing.set(node, [...(needing.get(node) ?? []), checked.address])
    }
    for (const [subject, [example, ...others]] of [...needing].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const queues = others.length + 1
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
