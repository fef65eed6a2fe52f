import { durationLabel } from '../../../../model/values/duration.ts'
import { aboutRoute, type Rule } from '../../rule.ts'

export const retryOutlivesQueue: Rule = {
  id: 'retry-outlives-queue',
  group: 'routing',
  severity: 'warning',
  meaning:
    'The broker can delete a queue while its failed messages wait for a retry that is longer than the expiry of the queue.',
  remedy: 'Remove `expires` from the queue, or make it longer than the longest delay.',
  adopts: ['retry-into-vanishing-queue'],
  *check({ vhosts }) {
    for (const { model, subscriptions } of vhosts) {
      for (const subscription of subscriptions) {
        const { queue: name, failure } = subscription
        const queue = model.queue(name)
        if (failure.kind !== 'ladder' || queue === undefined || queue.external) continue
        const { options = [] } = model.settings(name) ?? {}
        const [settings] = options
        const longest = Math.max(0, ...failure.delays.map(({ delay }) => delay))
        if (settings?.expires === undefined || options.length > 1 || settings.expires > longest) continue
        // The warnings about the files already report arguments.
        if (Object.hasOwn(queue.arguments, 'x-expires')) continue
        yield aboutRoute(
          subscription,
          `queue "${name}" expires after ${durationLabel(settings.expires)} without use, and a failed message of subscription "${subscription.name}" may wait ${durationLabel(longest)}`,
          'give the queue a longer expiry than its longest delay',
        )
      }
    }
  },
}
