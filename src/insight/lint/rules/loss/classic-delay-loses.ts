import type { Rule } from '../../rule.ts'

export const classicDelayLoses: Rule = {
  id: 'classic-delay-loses',
  group: 'loss',
  severity: 'warning',
  meaning:
    'The delay queues of a retry ladder are classic queues, from which the broker dead-letters at most once. Waiting messages are lost if a node is killed at the wrong moment.',
  remedy: 'Declare the queue as a quorum queue, or name delay queues that are quorum queues.',
  adopts: ['classic-delay-may-lose'],
  // Only declarations know which queues belong to a ladder, and the warnings about the files are complete.
  check: () => [],
}
