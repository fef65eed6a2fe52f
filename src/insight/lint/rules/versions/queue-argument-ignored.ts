import { isQueueType, queueArgument } from '../../../../model/broker-tables/queue-arguments.ts'
import { stepAt } from '../../../../model/broker-tables/support.ts'
import { about, type Rule } from '../../rule.ts'

export const queueArgumentIgnored: Rule = {
  id: 'queue-argument-ignored',
  group: 'versions',
  severity: 'warning',
  meaning: 'This version of the broker stores an argument of a queue but ignores it.',
  remedy: 'Remove the argument, or use its replacement in this version.',
  *check({ topology, version }) {
    for (const queue of topology.queues) {
      const { type } = queue
      if (queue.external || !isQueueType(type)) continue
      for (const name of Object.keys(queue.arguments)) {
        const row = queueArgument(name)
        if (row === undefined || stepAt(row[type], version).support !== 'ignores') continue
        yield about(
          'queue',
          queue,
          `RabbitMQ ${version} ignores ${name} of the ${type} queue "${queue.name}"`,
          row.effect,
        )
      }
    }
  },
}
