import { deadLetterTargets } from '../../../../model/policies/dead-letter-targets.ts'
import { about, type Rule } from '../../rule.ts'

export const requireDeadLetter: Rule = {
  id: 'require-dead-letter',
  group: 'policy',
  severity: 'off',
  meaning: 'A queue has no dead-letter exchange, so rejected messages are dropped.',
  remedy: 'Write `deadLetter: true`, or set a dead-letter exchange by a policy.',
  *check({ vhosts }) {
    for (const { topology, winners, roles } of vhosts) {
      for (const queue of topology.queues) {
        const { name, type, role, external } = queue
        if (external || type === 'stream' || role !== undefined || roles.deadLetter.has(name)) continue
        if (deadLetterTargets(queue, winners).some((target) => target !== undefined)) continue
        yield about('queue', queue, `queue "${name}" has no dead-letter exchange`, 'write deadLetter: true')
      }
    }
  },
}
