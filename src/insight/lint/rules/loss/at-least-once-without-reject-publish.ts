import { effectiveSetting } from '../../effective-setting.ts'
import { about, type Rule } from '../../rule.ts'

export const atLeastOnceWithoutRejectPublish: Rule = {
  id: 'at-least-once-without-reject-publish',
  group: 'loss',
  severity: 'error',
  meaning:
    'A quorum queue asks for at-least-once dead-lettering, but the broker does this only with `overflow: reject-publish`.',
  remedy: 'Set `overflow: reject-publish`, and a dead-letter exchange.',
  *check({ vhosts }) {
    for (const { topology, winners } of vhosts) {
      for (const queue of topology.queues) {
        if (queue.external || queue.type !== 'quorum') continue
        const [strategy, overflow, exchange] = ['dead-letter-strategy', 'overflow', 'dead-letter-exchange'].map((key) =>
          effectiveSetting(queue, winners, key),
        )
        if (strategy !== 'at-least-once' || (overflow === 'reject-publish' && typeof exchange === 'string')) continue
        const missing =
          overflow === 'reject-publish' ? 'it has no dead-letter exchange' : 'its overflow is not reject-publish'
        yield about(
          'queue',
          queue,
          `the broker dead-letters messages of queue "${queue.name}" at most once, although its strategy is at-least-once: ${missing}`,
          overflow === 'reject-publish' ? 'set deadLetterExchange' : 'set overflow: reject-publish',
        )
      }
    }
  },
}
