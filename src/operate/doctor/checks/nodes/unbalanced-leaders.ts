import { countOf } from '../../../../diagnostics/text/count-of.ts'
import type { Check } from '../../check.ts'

/** A node has too many leaders if it has more than this multiple of the average, and at least so many more. */
const TOO_MANY = 1.5
const AT_LEAST = 3

export const unbalancedLeaders: Check = {
  id: 'unbalanced-leaders',
  title: 'leaders of quorum queues and streams are spread over the nodes',
  needs: ['nodes', 'queues'],
  *check(context) {
    const running = (context.last.nodes ?? []).filter((each) => each.running).map(({ name }) => name)
    if (running.length < 2) return
    const leaders = new Map(running.map((name) => [name, 0]))
    let total = 0
    for (const checked of context.queues()) {
      const { leader, members = [] } = context.now(checked) ?? {}
      // The leader of a queue with one member cannot be elsewhere.
      if (leader === undefined || members.length < 2) continue
      leaders.set(leader, (leaders.get(leader) ?? 0) + 1)
      total += 1
    }
    const average = total / running.length
    for (const [subject, count] of leaders) {
      if (count <= TOO_MANY * average || count < average + AT_LEAST) continue
      yield {
        severity: 'warning',
        subject,
        message: `the node has ${countOf(count, 'leader')} of ${total}, and an even share is ${Math.round(average)}`,
        numbers: { leaders: count, total, nodes: running.length },
        advice: 'spread them with: rabbitmq-queues rebalance quorum',
      }
    }
  },
}
