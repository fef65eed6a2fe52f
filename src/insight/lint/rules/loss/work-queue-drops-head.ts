import { effectiveSetting } from '../../effective-setting.ts'
import { aboutRoute, type Rule } from '../../rule.ts'

const LIMITS = ['max-length', 'max-length-bytes'] as const

export const workQueueDropsHead: Rule = {
  id: 'work-queue-drops-head',
  group: 'loss',
  severity: 'warning',
  meaning:
    'A queue with a subscription drops its oldest messages when it is full, although the broker has confirmed them.',
  remedy: 'Set `overflow: reject-publish`, or declare `overflow: drop-head` if you intend it.',
  adopts: ['full-queue-drops', 'raw-overflow-drops-head'],
  *check({ vhosts }) {
    for (const { model, subscriptions, winners } of vhosts) {
      for (const subscription of subscriptions) {
        const queue = model.queue(subscription.queue)
        if (queue === undefined || queue.external || queue.type === 'stream') continue
        // The warnings about the files cover arguments, and this rule covers policies.
        const hasArgument = [...LIMITS, 'overflow'].some((key) => Object.hasOwn(queue.arguments, `x-${key}`))
        const limit = LIMITS.find((key) => typeof effectiveSetting(queue, winners, key) === 'number')
        if (hasArgument || limit === undefined) continue
        const drops = effectiveSetting(queue, winners, 'overflow') === undefined
        if (!drops || effectiveSetting(queue, winners, 'dead-letter-exchange') !== undefined) continue
        yield aboutRoute(
          subscription,
          `a policy sets ${limit} of queue "${queue.name}", which then drops its oldest messages when it is full, although the broker has confirmed them`,
          'set overflow: reject-publish in the policy, or drop-head if that is intended',
        )
      }
    }
  },
}
