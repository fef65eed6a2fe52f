import { countOf } from '../../../../diagnostics/text/count-of.ts'
import type { Check } from '../../check.ts'

/** Statistics are up to five seconds old, so a shorter sample may see the same numbers twice. */
const SHORTEST_SAMPLE = 10_000

export const unacknowledged: Check = {
  id: 'unacknowledged',
  title: 'delivered messages are acknowledged',
  needs: ['queues'],
  sample: SHORTEST_SAMPLE,
  *check(context) {
    for (const checked of context.queues()) {
      const seen = context.seen(checked)
      const [first] = seen
      const last = seen.at(-1)
      if (first === undefined || last === undefined || checked.queue.type === 'stream') continue
      const least = Math.min(...seen.map((each) => each.unacknowledged))
      const more = last.unacknowledged - first.unacknowledged
      // If more messages are delivered than remain, consumers reject or requeue some.
      const leaves = last.acknowledged > first.acknowledged || last.delivered - first.delivered > more
      if (least === 0 || more < 0 || leaves) continue
      yield {
        severity: 'warning',
        address: checked.address,
        message: `${countOf(last.unacknowledged, 'message')} ${last.unacknowledged === 1 ? 'is' : 'are'} unacknowledged, and none was acknowledged in ${Math.round(context.window / 1_000)} s`,
        numbers: { unacknowledged: last.unacknowledged, acknowledged: 0, window: context.window },
        advice: 'find out what its consumers wait for; if they end, the messages are redelivered',
      }
    }
  },
}
