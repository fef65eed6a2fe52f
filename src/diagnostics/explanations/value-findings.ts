import type { ExplanationGroup } from './explanation.ts'

/** Findings of values, arguments and policies. */
export const VALUE_FINDINGS: readonly ExplanationGroup[] = [
  {
    title: 'Values, arguments and policies',
    codes: {
      'not-a-duration': {
        meaning: 'A value is not a duration.',
        cause: 'A missing or wrong unit.',
        remedy: 'Write `250ms`, `5s`, `30m`, `2h` or `14d`.',
      },
      'duration-too-fine': {
        meaning: 'The broker counts this duration in whole seconds.',
        cause: 'Milliseconds.',
        remedy: 'Write whole seconds.',
      },
      'not-a-size': {
        meaning: 'A value is not a size.',
        cause: 'A missing or wrong unit.',
        remedy: 'Write `512KiB`, `10MB` or `1GiB`.',
      },
      'not-a-rate': {
        meaning: 'A value is not a rate.',
        cause: 'A missing unit of time.',
        remedy: 'Write `50/s`, `3000/m` or `10/h`.',
      },
      'not-an-offset': {
        meaning: 'A value is not a place in a stream.',
        cause: 'A misspelled word.',
        remedy: 'Write `first`, `last`, `next`, a number or a time.',
      },
      'out-of-range': {
        meaning: 'A number is out of its range.',
        cause: 'A wrong unit.',
        remedy: 'Write a value from the range in the hint.',
      },
      'argument-twice': {
        meaning: 'A raw argument repeats a property.',
        cause: '`x-…` next to the property of the same meaning.',
        remedy: 'Keep the property.',
      },
      'property-not-of-type': {
        meaning: 'A property does not exist for this queue type.',
        cause: 'The type was changed.',
        remedy: 'Remove the property or change the type.',
      },
      'queue-type-unknown': {
        meaning: 'A queue type does not exist.',
        cause: '`lazy`, or a typo.',
        remedy: 'Write `classic`, `quorum` or `stream`.',
      },
      'value-refused': {
        meaning: 'RabbitMQ does not accept the value.',
        cause: 'A number as text or the reverse.',
        remedy: 'Write a value that the hint describes.',
      },
      'argument-needs': {
        meaning: 'An argument needs another one.',
        cause: 'Only one of a pair.',
        remedy: 'Add the other one.',
      },
      'argument-excludes': {
        meaning: 'Two arguments exclude each other.',
        cause: 'Both were copied.',
        remedy: 'Keep one.',
      },
      'property-needs-type': {
        meaning: 'A property needs a queue type.',
        cause: "`type` is left to the broker's default.",
        remedy: 'Write the type.',
      },
      'type-required': {
        meaning: '`retry` or `deadLetter` needs a queue type.',
        cause: "`type` is left to the broker's default.",
        remedy: 'Write `type`, or `defaultQueueType` for the vhost.',
      },
      'always-durable': {
        meaning: 'Queues of this type are always durable.',
        cause: '`durable: false`.',
        remedy: 'Remove it.',
      },
      'never-auto-delete': {
        meaning: 'Queues of this type never delete themselves with their last consumer.',
        cause: '`autoDelete: true`.',
        remedy: 'Remove it.',
      },
      'delivery-limit-negative': {
        meaning: 'A negative delivery limit means different things on different versions.',
        cause: '`-1` for "no limit".',
        remedy: 'Write 1000000.',
      },
      'overflow-not-on-quorum': {
        meaning: 'Quorum queues do not have `reject-publish-dlx`.',
        cause: 'A setting of a classic queue.',
        remedy: 'Write `reject-publish` or `drop-head`.',
      },
      'more-queues-than-limit': {
        meaning: 'The files have more queues than the vhost may have.',
        cause: 'Derived queues count too.',
        remedy: 'Raise `maxQueues`.',
      },
      'key-below-other': {
        meaning: 'A number is smaller than another key allows.',
        cause: '`delayed-retry-max` below `delayed-retry-min`.',
        remedy: 'Write a larger number.',
      },
      'policy-empty': {
        meaning: 'The definition of a policy is empty.',
        cause: 'All keys were removed.',
        remedy: 'Set a key or remove the policy.',
      },
      'policy-key-prefixed': {
        meaning: 'A policy key begins with `x-`.',
        cause: 'The name of the argument.',
        remedy: 'Write the key without `x-`.',
      },
      'policy-key-is-argument': {
        meaning: 'A policy cannot set this.',
        cause: 'An argument that only queues have.',
        remedy: 'Set it on the queues.',
      },
      'expression-invalid': {
        meaning: 'A string is not a regular expression.',
        cause: 'A glob such as `*`.',
        remedy: 'Write `.*`.',
      },
      'parameter-key-of-protocol': {
        meaning: 'A shovel has a key that does not exist for its protocol.',
        cause: 'The protocol was changed, or is not written.',
        remedy: 'Remove the key, or change the protocol.',
      },
      'parameter-needs': {
        meaning: 'A parameter lacks a key that RabbitMQ requires.',
        cause: 'An incomplete shovel, upstream or upstream set.',
        remedy: 'Add the key.',
      },
      'keys-exclude-each-other': {
        meaning: 'RabbitMQ refuses two keys together.',
        cause: 'Both were copied.',
        remedy: 'Keep one.',
      },
      'uri-refused': {
        meaning: 'RabbitMQ does not accept a URI.',
        cause: 'A wrong scheme, or a character that is not encoded.',
        remedy: 'Write `amqp://user:password@host:5672/vhost`.',
      },
      'policy-loses-derived': {
        meaning: 'A policy would make derived queues lose messages.',
        cause: 'A broad pattern such as `.*`.',
        remedy: 'Exclude the derived queues, or set the limit in `deadLetter`.',
      },
      'dead-letter-policy-outranked': {
        meaning: 'Another policy outranks that of `deadLetter`.',
        cause: 'A policy with a higher priority.',
        remedy: 'Lower its priority.',
      },
      'displaced-policies-tie': {
        meaning: 'Two policies of the same priority could be the one that `deadLetter` replaces.',
        cause: 'Equal priorities.',
        remedy: 'Give them different priorities.',
      },
    },
  },
]
