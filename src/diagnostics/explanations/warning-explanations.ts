import type { ExplanationGroup } from './explanation.ts'

/** Findings that do not stop a run. */
export const WARNING_EXPLANATIONS: readonly ExplanationGroup[] = [
  {
    title: 'Warnings',
    codes: {
      'more-findings': {
        meaning: 'There are too many findings to list all of them.',
        cause: 'The same mistake in many objects.',
        remedy: 'Correct the listed findings, and validate again.',
      },
      'policy-key-misspelt': {
        meaning: 'RabbitMQ has no such policy key.',
        cause: 'A typo, or a key of a plugin.',
        remedy: 'Use the suggested key.',
      },
      'component-unknown': {
        meaning: 'RabbitMQ has no such component of parameters.',
        cause: 'A typo, or a component of a plugin.',
        remedy: 'Correct the name, or enable the plugin.',
      },
      'parameter-key-unknown': {
        meaning: 'No version of RabbitMQ knows this key in the parameters of the component.',
        cause: 'A typo.',
        remedy: 'Use the suggested key, or remove it.',
      },
      'policy-changes-derived': {
        meaning: 'A policy also applies to derived queues.',
        cause: 'A broad pattern.',
        remedy: 'Exclude them in the pattern.',
      },
      'policy-may-change-derived': {
        meaning: 'A policy may apply to derived queues.',
        cause: 'A pattern that warren cannot evaluate, or an equal priority.',
        remedy: 'Write a simpler pattern.',
      },
      'displaced-policy-uncertain': {
        meaning: 'The policy of `deadLetter` may replace another one.',
        cause: 'A pattern that warren cannot evaluate.',
        remedy: 'Write a simpler pattern.',
      },
      'via-leads-elsewhere': {
        meaning: 'No declared binding leads from `via` back to the queue.',
        cause: 'A missing binding.',
        remedy: 'Bind the queue with this key.',
      },
      'classic-delay-may-lose': {
        meaning: 'Messages that wait for a retry can be lost when a node dies.',
        cause: 'Delay queues of a classic queue.',
        remedy: 'Use quorum queues.',
      },
      'retry-into-vanishing-queue': {
        meaning: 'The queue can delete itself while its messages wait.',
        cause: '`autoDelete` or `expires`.',
        remedy: 'Remove the property.',
      },
      'quorum-drops-returns': {
        meaning: 'RabbitMQ 4 drops a message after 21 returns; 4.3 counts only closed channels or connections.',
        cause: 'A quorum queue without dead letters.',
        remedy: 'Add `deadLetter: true` or a limit.',
      },
      'full-queue-drops': {
        meaning: 'A full queue drops confirmed messages.',
        cause: 'The default `overflow`.',
        remedy: 'Write `overflow: reject-publish`.',
      },
      'raw-overflow-drops-head': {
        meaning: 'A quorum queue drops its oldest messages when it is full.',
        cause: '`reject-publish-dlx` as a raw argument.',
        remedy: 'Write `overflow: reject-publish`.',
      },
      'dead-letter-exchange-unknown': {
        meaning: 'Dead letters go to an exchange that is not declared.',
        cause: 'A typo, or another project owns it.',
        remedy: 'Declare it, with `external: true` if needed.',
      },
      'dead-letters-reach-nothing': {
        meaning: 'Dead letters reach no queue.',
        cause: 'A missing binding.',
        remedy: 'Bind a queue, or write `deadLetter: true`.',
      },
      'alternate-exchange-unknown': {
        meaning: 'Unroutable messages go to an exchange that is not declared.',
        cause: 'A typo, or another project owns it.',
        remedy: 'Declare it, with `external: true` if needed.',
      },
      'alternate-exchange-reaches-nothing': {
        meaning: 'Unroutable messages reach no queue.',
        cause: 'A missing binding.',
        remedy: 'Bind a queue to the alternate exchange.',
      },
      'prefetch-outlasts-timeout': {
        meaning: 'The last message of a prefetch waits for more than 30 minutes.',
        cause: 'A low `rateLimit` with a high `prefetch`.',
        remedy: 'Lower `prefetch`.',
      },
      'handler-outlasts-timeout': {
        meaning: 'A handler may run for longer than the broker waits.',
        cause: 'A `timeout` of more than 30 minutes.',
        remedy: 'Lower it, or raise `consumer_timeout` of the broker.',
      },
      'writes-to-every-queue': {
        meaning: 'A user may write to every queue of the vhost.',
        cause: 'A publication through the default exchange.',
        remedy: 'Publish through an exchange.',
      },
      'replies-to-every-queue': {
        meaning: 'A user that answers requests may write to every queue of the vhost.',
        cause: 'RabbitMQ routes replies through the default exchange.',
        remedy: 'Answer in a vhost where the user may write to the queues.',
      },
      'publishes-with-any-key': {
        meaning: 'A user may publish with any key to an exchange.',
        cause: 'Permissions restrict routing keys only on topic exchanges.',
        remedy: 'Use a topic exchange, or an exchange only for this user.',
      },
      'dead-letters-beside-others': {
        meaning: 'Through the exchange for dead letters, a user may publish to queues that other programs use.',
        cause: 'A shared dead-letter exchange.',
        remedy: 'Use a separate exchange for these dead letters.',
      },
      'exchange-type-misspelt': {
        meaning: 'The broker has no such exchange type.',
        cause: 'A typo, or a type of a plugin.',
        remedy: 'Use the suggested type.',
      },
      'publication-reaches-nothing': {
        meaning: 'A publication reaches no queue.',
        cause: 'A missing binding, or a binding that another project declares.',
        remedy: 'Bind a queue, or write `mandatory: false`.',
      },
    },
  },
]
