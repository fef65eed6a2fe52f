import { countOf } from '../../../../diagnostics/text/count-of.ts'
import { withCommas } from '../../../../diagnostics/text/with-commas.ts'
import { effectiveSetting } from '../../../../insight/lint/effective-setting.ts'
import type { Check } from '../../check.ts'
import type { CheckedQueue } from '../../check-context.ts'

/** A queue grows if it gained so many messages in the sample, and lost none between two checks. */
const LEAST_GROWTH = 20
/** The share of a length limit from which on it is reported. */
const NEARLY_FULL = 0.9
/** A smaller limit is intended to be reached, for example by a queue that keeps only the latest message. */
const SMALLEST_LIMIT = 10

export const depth: Check = {
  id: 'depth',
  title: 'queues are not deep, do not grow, and are not near their limits',
  needs: ['queues'],
  *check(context) {
    const { limits, window } = context
    for (const checked of context.queues()) {
      const { ready = 0 } = context.now(checked) ?? {}
      const { address, role } = checked
      if (checked.queue.type === 'stream') continue
      if (role === 'work' && ready > limits.maxDepth) {
        yield {
          severity: 'warning',
          address,
          message: `${countOf(ready, 'message')} wait, and the limit of this check is ${withCommas(limits.maxDepth)}`,
          numbers: { ready, maxDepth: limits.maxDepth },
          advice: 'add consumers, or find out why they are slow; --max-depth sets another limit',
        }
      }
      const limit = maxLengthOf(checked)
      if (limit !== undefined && limit >= SMALLEST_LIMIT && ready >= NEARLY_FULL * limit) {
        yield {
          severity: 'warning',
          address,
          message: `${countOf(ready, 'message')} wait, and the queue holds at most ${withCommas(limit)}: beyond that it drops or refuses messages`,
          numbers: { ready, maxLength: limit },
          advice: 'consume them, or raise maxLength',
        }
      }
      const numbers = context.seen(checked).map(({ messages = 0 }) => messages)
      const [before = 0] = numbers
      const after = numbers.at(-1) ?? 0
      const grows = numbers.every((each, at) => at === 0 || each >= (numbers[at - 1] ?? 0))
      if (role !== 'work' || !grows || after - before < LEAST_GROWTH) continue
      const perMinute = Math.round(((after - before) / window) * 60_000)
      yield {
        severity: 'warning',
        address,
        message: `the queue grew from ${withCommas(before)} to ${countOf(after, 'message')} in ${Math.round(window / 1_000)} s (${withCommas(perMinute)} a minute), and never shrank`,
        numbers: { before, after, window, perMinute },
        advice: 'more arrives than is acknowledged: add consumers, or find out why they are slow',
      }
    }
  },
}

function maxLengthOf({ queue, vhost }: CheckedQueue): number | undefined {
  const limit = effectiveSetting(queue, vhost.winners, 'max-length')
  return typeof limit === 'number' && limit >= 0 ? limit : undefined
}
