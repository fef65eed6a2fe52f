import { about, type Rule } from '../../rule.ts'

export const maxQueues: Rule = {
  id: 'max-queues',
  group: 'policy',
  severity: 'off',
  meaning: 'A vhost has more queues than the config allows.',
  remedy: 'Remove queues, or raise the number.',
  *check({ vhosts }, { count }) {
    for (const { topology } of vhosts) {
      const [vhost] = topology.vhosts
      const own = topology.queues.filter(({ external }) => external !== true).length
      if (vhost === undefined || typeof count !== 'number' || own <= count) continue
      yield about('vhost', vhost, `vhost "${vhost.name}" has ${own} queues, but the config allows ${count}`)
    }
  },
}
