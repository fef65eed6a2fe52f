import { consumedQueues } from '../../../../model/routes.ts'
import { countOf } from '../../../../diagnostics/text/count-of.ts'
import { address } from '../../../../model/address.ts'
import { groupByKey } from '../../../../model/values/group-by-key.ts'
import type { Check } from '../../check.ts'

export const consumersMissing: Check = {
  id: 'consumers-missing',
  title: 'declared subscriptions, and queues with messages, have consumers',
  needs: ['queues', 'consumers'],
  *check(context) {
    const consumers = (context.desired?.routes.subscriptions ?? []).flatMap((each) =>
      consumedQueues(each).map((queue) => ({ ...each, queue })),
    )
    const subscriptions = groupByKey(consumers, ({ vhost, queue }) => address('queue', vhost, queue))
    for (const [at, declared] of subscriptions) {
      if (context.isWithoutConsumer(at) !== true) continue
      const { messages } = context.last.queues.get(at) ?? {}
      const names = declared.map(({ name }) => name).join(', ')
      yield {
        severity: 'warning',
        address: at,
        message: `the queue has no consumer, and the files declare ${countOf(declared.length, 'subscription')} (${names})${messages === undefined ? '' : `; ${countOf(messages, 'message')} in the queue`}`,
        numbers: { consumers: 0, subscriptions: declared.length, ...(messages !== undefined && { messages }) },
        advice: 'start the program that consumes it, or remove the subscription',
      }
    }
    for (const checked of context.queues()) {
      const { ready = 0 } = context.now(checked) ?? {}
      if (checked.role !== 'work' || checked.queue.type === 'stream' || ready === 0) continue
      if (subscriptions.has(checked.address) || context.isWithoutConsumer(checked.address) !== true) continue
      yield {
        severity: 'warning',
        address: checked.address,
        message: `${countOf(ready, 'message')} ${ready === 1 ? 'waits' : 'wait'}, and the queue has no consumer`,
        numbers: { ready, consumers: 0 },
        advice: 'start the program that consumes it, or delete the queue if no program needs it',
      }
    }
  },
}
