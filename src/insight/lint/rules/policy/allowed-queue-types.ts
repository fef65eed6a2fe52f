import { isDelayQueue } from '../../../../model/queue-role.ts'
import { about, type Rule } from '../../rule.ts'

export const allowedQueueTypes: Rule = {
  id: 'allowed-queue-types',
  group: 'policy',
  severity: 'off',
  meaning: 'A queue has a type that the config does not allow.',
  remedy: 'Declare it with an allowed type; `--migrate` moves the messages of an existing queue.',
  *check({ topology }, { types }) {
    const allowed = Array.isArray(types) ? types : []
    for (const queue of topology.queues) {
      // The declaration does not choose the type of these queues.
      const type = queue.type ?? topology.vhosts.find(({ name }) => name === queue.vhost)?.defaultQueueType ?? 'classic'
      if (queue.external || isDelayQueue(queue) || queue.role?.kind === 'coordination' || allowed.includes(type))
        continue
      yield about(
        'queue',
        queue,
        `queue "${queue.name}" is a ${type} queue, but the config allows ${allowed.join(', ')}`,
      )
    }
  },
}
