import { followFailure } from '../../../routing/failure-path.ts'
import { possibleQueues } from '../../../routing/reach.ts'
import type { LintedVhost } from '../../lint-context.ts'
import { aboutRoute, type Rule } from '../../rule.ts'

export const retryReturnsNowhere: Rule = {
  id: 'retry-returns-nowhere',
  group: 'routing',
  severity: 'error',
  meaning: 'After the delay of a retry, a message does not return to the queue of the subscription.',
  remedy: 'Bind the queue to the exchange of the return route with its key.',
  adopts: ['via-leads-elsewhere'],
  subjects({ vhosts, others = [] }) {
    if (others.length === 0) return () => ({})
    return (warning) => {
      if (warning.code !== 'via-leads-elsewhere') return {}
      const { queue, exchange, routingKey } = warning.args
      const having = vhosts.filter(({ topology }) => topology.queues.some(({ name }) => name === queue))
      const returns = ({ model }: LintedVhost) => possibleQueues(model.route(exchange, { routingKey })).includes(queue)
      return having.length === 0 || !having.every(returns) ? {} : undefined
    }
  },
  *check({ vhosts, warnings = [] }) {
    const reported = new Set(
      warnings.map((each) => (each.code === 'via-leads-elsewhere' ? each.args.queue : undefined)),
    )
    for (const { model, subscriptions } of vhosts) {
      for (const subscription of subscriptions) {
        const { queue, failure, name } = subscription
        if (failure.kind !== 'ladder' || reported.has(queue) || model.queue(queue) === undefined) continue
        const { steps } = followFailure(model, subscription, { routingKey: '' })
        for (const { queue: delay, back } of steps) {
          if (isUnknown(model.queue(delay)) || back.doubts.length > 0 || possibleQueues(back).includes(queue)) continue
          yield aboutRoute(
            subscription,
            `failed messages of subscription "${name}" that wait in queue "${delay}" do not return to queue "${queue}"`,
            'bind the queue where the delay queue sends expired messages',
          )
          break
        }
      }
    }
  },
}

/** A queue of another project is unknown. */
function isUnknown(queue: { readonly external?: boolean } | undefined): boolean {
  return queue === undefined || queue.external === true
}
