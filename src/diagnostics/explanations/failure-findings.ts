import type { ExplanationGroup } from './explanation.ts'

/** Findings of failure paths. */
export const FAILURE_FINDINGS: readonly ExplanationGroup[] = [
  {
    title: 'Failure paths',
    codes: {
      'retry-form': {
        meaning: '`retry` does not have one of its forms.',
        cause: 'Keys of two forms, or none.',
        remedy: 'Write one of the forms in the hint.',
      },
      'native-needs-quorum': {
        meaning: '`mode: native` needs a quorum queue.',
        cause: 'The queue is classic.',
        remedy: 'Change the type, or leave out `mode`.',
      },
      'native-not-linear': {
        meaning: 'The broker cannot produce these delays by itself.',
        cause: 'Delays that do not grow by the first delay each time.',
        remedy: 'Write a linear form, or leave out `mode`.',
      },
      'native-has-no-queues': {
        meaning: 'A property of delay queues has no meaning with `mode: native`.',
        cause: 'It remained after a change of `mode`.',
        remedy: 'Remove the property.',
      },
      'native-limit-too-low': {
        meaning: 'The delivery limit is reached before the last retry.',
        cause: 'A low `deliveryLimit`.',
        remedy: 'Raise it or leave it out.',
      },
      'no-delay-queue': {
        meaning: 'A delay of 0 seconds has no queue.',
        cause: 'A queue name for an immediate retry.',
        remedy: 'Remove `queue`.',
      },
      'delay-named-twice': {
        meaning: 'One delay has two queues.',
        cause: 'Two names for the same delay.',
        remedy: 'Use one name.',
      },
      'via-needs-routing-key': {
        meaning: '`via` needs a routing key.',
        cause: 'A topic or direct exchange without one.',
        remedy: 'Write the key of the binding.',
      },
      'retry-without-dead-letter': {
        meaning: 'It is not declared what happens after the last retry.',
        cause: 'A missing `deadLetter`.',
        remedy: 'Add `deadLetter: true`, or `then: discard`.',
      },
      'discard-and-dead-letter': {
        meaning: '`then: discard` contradicts `deadLetter`.',
        cause: 'Both were written.',
        remedy: 'Remove one.',
      },
      'retry-into-full-queue': {
        meaning: 'A message that returns to a full queue would be lost.',
        cause: '`overflow: reject-publish` on a classic queue.',
        remedy: 'Write `reject-publish-dlx`, or use a quorum queue.',
      },
      'at-least-once-impossible': {
        meaning: 'The queue cannot dead-letter at least once.',
        cause: 'A classic queue, or another `overflow`.',
        remedy: 'Use a quorum queue with `overflow: reject-publish`.',
      },
      'dead-letter-key-is-fixed': {
        meaning: 'The routing key of dead letters cannot be chosen here.',
        cause: 'A `routingKey` without an exchange.',
        remedy: 'Remove it, or name the exchange.',
      },
      'dead-letter-exchange-type': {
        meaning: 'A dead-letter queue cannot be bound to this exchange by a key.',
        cause: 'A headers or plugin exchange.',
        remedy: 'Write `queue: false` and bind a queue yourself.',
      },
      'dead-letters-to-itself': {
        meaning: 'A queue is its own dead-letter queue.',
        cause: 'A wrong name.',
        remedy: 'Use another name.',
      },
      'dead-letters-lost': {
        meaning: 'Dead letters go where nothing receives them.',
        cause: '`queue: false` without a binding.',
        remedy: 'Bind a queue, or remove `queue: false`.',
      },
      'limits-without-queue': {
        meaning: 'A limit is set for a dead-letter queue that `queue: false` does not create.',
        cause: 'It remained from an earlier version of the files.',
        remedy: 'Remove the limit.',
      },
      'dead-letter-limits-twice': {
        meaning: 'A dead-letter queue has limits in two places.',
        cause: 'It is also declared as a queue of its own.',
        remedy: 'Move the limits to its declaration.',
      },
      'derived-name-too-long': {
        meaning: 'A derived queue would have a name of more than 255 bytes.',
        cause: 'A long queue name.',
        remedy: 'Shorten it.',
      },
      'derived-name-taken': {
        meaning: 'A declared object has the name of a derived one.',
        cause: 'A manual queue from before.',
        remedy: 'Rename one, or name the queue in `retry` or `deadLetter`.',
      },
      'derived-queue-differs': {
        meaning: 'A declared queue differs from the queue that `retry` or `deadLetter` needs.',
        cause: 'Other properties.',
        remedy: 'Declare the properties that the hint lists.',
      },
      'on-failure-with-ladder': {
        meaning: '`onFailure` has no effect here.',
        cause: 'The queue has `retry` or `deadLetter`.',
        remedy: 'Remove it.',
      },
    },
  },
]
