import { isCertain } from '../../../routing/reach.ts'
import { about, type Rule } from '../../rule.ts'

export const deadLetterLoop: Rule = {
  id: 'dead-letter-loop',
  group: 'routing',
  severity: 'warning',
  meaning: 'A rejected message returns to its own queue at once, so a message that always fails never leaves it.',
  remedy:
    'Let the dead letters wait in a queue with a time to live before they return, or let them end in a queue without consumers.',
  *check({ vhosts }) {
    for (const { model, topology } of vhosts) {
      for (const queue of topology.queues) {
        const { options = [] } = queue.external ? {} : (model.settings(queue.name) ?? {})
        const [settings] = options
        // Without a key of its own, a dead letter keeps its routing key, which is unknown here.
        if (settings?.deadLetter?.routingKey === undefined || options.length > 1) continue
        const letter = model.deadLetter(queue.name, { routingKey: '' }, 'rejected', settings)
        if (letter === undefined || !isCertain(letter.reach) || !letter.reach.queues.includes(queue.name)) continue
        yield about(
          'queue',
          queue,
          `a message that a consumer of queue "${queue.name}" rejects returns to it immediately, each time that it is rejected`,
          'send dead letters through a queue with a time to live, or to a dead-letter queue',
        )
      }
    }
  },
}
