import { durationLabel } from '../../../../model/values/duration.ts'
import { aboutRoute, type Rule } from '../../rule.ts'

export const retryNotAscending: Rule = {
  id: 'retry-not-ascending',
  group: 'routing',
  severity: 'warning',
  meaning: 'A retry waits for a shorter time than the one before it.',
  remedy: 'Order the delays from short to long, so that a service that is down gets more time with each attempt.',
  *check({ vhosts }) {
    for (const { subscriptions } of vhosts) {
      for (const subscription of subscriptions) {
        if (subscription.failure.kind !== 'ladder') continue
        const { delays } = subscription.failure
        const at = delays.findIndex(({ delay }, index) => index > 0 && delay < (delays[index - 1]?.delay ?? 0))
        const [before, later] = [delays[at - 1], delays[at]]
        if (before === undefined || later === undefined) continue
        yield aboutRoute(
          subscription,
          `retry ${at + 1} of subscription "${subscription.name}" waits ${durationLabel(later.delay)}, which is shorter than the ${durationLabel(before.delay)} before it`,
          'order the delays from short to long',
        )
      }
    }
  },
}
