import { countOf } from '../../../../diagnostics/text/count-of.ts'
import type { Check, Undecided } from '../../check.ts'

/** Every dead letter is held until it is confirmed. Statistics are up to five seconds old. */
const SHORTEST_SAMPLE = 10_000

export const heldDeadLetters: Check = {
  id: 'held-dead-letters',
  title: 'dead letters reach their target',
  needs: ['queues'],
  *check(context) {
    for (const checked of context.queues()) {
      const seen = context.seen(checked)
      const held = Math.min(...seen.map((each) => each.held))
      if (seen.length === 0 || held === 0) continue
      if (context.window < SHORTEST_SAMPLE) {
        yield {
          undecided: 'sample-too-short',
          address: checked.address,
          needed: SHORTEST_SAMPLE,
        } satisfies Undecided
        continue
      }
      yield {
        severity: 'warning',
        address: checked.address,
        message: `the queue holds ${countOf(held, 'dead letter')} in all ${seen.length} checks, because no target has confirmed them`,
        numbers: { held, looks: seen.length },
        advice: 'check that its dead-letter exchange exists, routes to a queue, and that this queue is not full',
      }
    }
  },
}
