import { APPLIES, changes, OLDEST, REFUSES, type SupportHistory } from './support.ts'
import type { ValueRule } from './value-rule.ts'

/** The types of queues that every RabbitMQ supports; plugins may add others, which the tables do not cover. */
export const QUEUE_TYPES = ['classic', 'quorum', 'stream'] as const
export type QueueType = (typeof QUEUE_TYPES)[number]

/** An optional argument of a queue. */
export interface QueueArgument {
  readonly name: string
  readonly value: ValueRule
  /** Its effect and the unit of its value, in one sentence. */
  readonly effect: string
  readonly classic: SupportHistory
  readonly quorum: SupportHistory
  readonly stream: SupportHistory
  /** The broker accepts any value, but a value that does not follow the rule has no effect. */
  readonly unvalidated?: true
  /** Another argument that the broker requires with this one. */
  readonly needs?: string
}

/** Ten years (rabbit_misc:check_expiry). */
const LONGEST_TIMER = 315_360_000_000
const LARGEST_SEGMENT = 3_000_000_000
const COUNT: ValueRule = { form: 'integer', minimum: 0 }
const MILLISECONDS: ValueRule = { form: 'integer', minimum: 0, maximum: LONGEST_TIMER }
const POSITIVE: ValueRule = { form: 'integer', minimum: 1 }
const TEXT: ValueRule = { form: 'text' }

const LOCATORS = ['client-local', 'balanced', 'random', 'least-leaders'] as const
const LOCATORS_SINCE_4: ValueRule = { form: 'one-of', values: [...LOCATORS, 'min-masters'] }
const TIMEOUTS_SINCE = '4.3.0'
/**
 * Queue types refuse arguments that are only in the list of another type. Streams list the size of filters from 4.2.7
 * on, except in 4.3.0.
 */
const FILTER_ELSEWHERE: SupportHistory = [
  { since: OLDEST, support: 'ignores' },
  { since: '4.2.7', support: 'refuses' },
  { since: '4.3.0', support: 'ignores' },
  { since: '4.3.1', support: 'refuses' },
]

/**
 * Every optional argument that RabbitMQ 3.10 to 4.3 supports for queues (rabbit_amqqueue:declare_args, the queue
 * types' `capabilities`), each cell tested on 3.10.8, 4.0.5 and 4.3.6. The broker stores any other argument with any
 * value, because plugins may use it.
 */
export const QUEUE_ARGUMENTS: readonly QueueArgument[] = [
  {
    name: 'x-expires',
    value: { form: 'integer', minimum: 1, maximum: LONGEST_TIMER },
    effect: 'Deletes the queue after it was not used for this many milliseconds.',
    classic: APPLIES,
    quorum: APPLIES,
    stream: REFUSES,
  },
  {
    name: 'x-message-ttl',
    value: MILLISECONDS,
    effect: 'Expires a message after it was ready for this many milliseconds.',
    classic: APPLIES,
    quorum: APPLIES,
    stream: REFUSES,
  },
  {
    name: 'x-dead-letter-exchange',
    value: TEXT,
    effect: 'Publishes messages that are rejected, expire or exceed a limit to this exchange.',
    classic: APPLIES,
    quorum: APPLIES,
    stream: REFUSES,
  },
  {
    name: 'x-dead-letter-routing-key',
    value: TEXT,
    effect: 'Replaces the routing keys of dead letters.',
    classic: APPLIES,
    quorum: APPLIES,
    stream: REFUSES,
    needs: 'x-dead-letter-exchange',
  },
  {
    name: 'x-dead-letter-strategy',
    value: { form: 'one-of', values: ['at-most-once', 'at-least-once'] },
    effect: 'at-least-once keeps a dead letter until its target has confirmed it; it needs x-overflow: reject-publish.',
    classic: REFUSES,
    quorum: APPLIES,
    stream: REFUSES,
  },
  {
    name: 'x-max-length',
    value: COUNT,
    effect: 'Limits the number of ready messages.',
    classic: APPLIES,
    quorum: APPLIES,
    stream: REFUSES,
  },
  {
    name: 'x-max-length-bytes',
    value: COUNT,
    effect: 'Limits the bytes of ready message bodies; of a stream, the bytes of all its segments.',
    classic: APPLIES,
    quorum: APPLIES,
    stream: APPLIES,
  },
  {
    name: 'x-max-in-memory-length',
    value: COUNT,
    effect: 'Limited the messages that quorum queues keep in memory; current versions accept it without effect.',
    classic: REFUSES,
    quorum: APPLIES,
    stream: REFUSES,
  },
  {
    name: 'x-max-in-memory-bytes',
    value: COUNT,
    effect: 'Limited the bytes that quorum queues keep in memory; current versions accept it without effect.',
    classic: REFUSES,
    quorum: APPLIES,
    stream: REFUSES,
  },
  {
    name: 'x-max-priority',
    value: { form: 'integer', minimum: 0, maximum: 255 },
    effect:
      'Gives a classic queue so many priorities; quorum queues need no argument, and have 2 priorities on 4.0 to 4.2 and 32 from 4.3 on.',
    classic: APPLIES,
    quorum: REFUSES,
    stream: REFUSES,
  },
  {
    name: 'x-overflow',
    value: { form: 'one-of', values: ['drop-head', 'reject-publish', 'reject-publish-dlx'] },
    effect: 'Says what happens to messages beyond a length limit.',
    classic: APPLIES,
    quorum: APPLIES,
    stream: REFUSES,
  },
  {
    name: 'x-queue-mode',
    value: { form: 'one-of', values: ['default', 'lazy'] },
    effect: 'lazy kept messages on disk before 3.12; later versions accept it without effect.',
    classic: changes('applies', '4.3.0', 'ignores'),
    quorum: REFUSES,
    stream: REFUSES,
  },
  {
    name: 'x-queue-version',
    value: { form: 'one-of', values: [1, 2] },
    effect: 'Chooses the storage of a classic queue; 4.3 has only version 2.',
    classic: changes('applies', '4.3.0', 'applies', { form: 'one-of', values: [2] }),
    quorum: REFUSES,
    stream: REFUSES,
  },
  {
    name: 'x-single-active-consumer',
    value: { form: 'boolean' },
    effect: 'Delivers to one consumer at a time, and to the next one when it is gone.',
    classic: APPLIES,
    quorum: APPLIES,
    stream: REFUSES,
  },
  {
    // 4.3 refuses it too, unless its configuration permits the deprecated feature; a plan asks the broker for this.
    name: 'x-queue-master-locator',
    value: { form: 'one-of', values: ['client-local', 'min-masters', 'random'] },
    effect: 'Chooses the node of a classic queue; from 4.0 on, x-queue-leader-locator replaces it.',
    classic: changes('applies', '4.0.0', 'ignores'),
    quorum: REFUSES,
    stream: REFUSES,
  },
  {
    name: 'x-queue-leader-locator',
    value: { form: 'one-of', values: LOCATORS },
    effect: 'Chooses the node on which the leader of a new queue is placed.',
    classic: changes('refuses', '4.0.0', 'applies', LOCATORS_SINCE_4),
    quorum: changes('applies', '4.0.0', 'applies', LOCATORS_SINCE_4),
    stream: changes('applies', '4.0.0', 'applies', LOCATORS_SINCE_4),
  },
  {
    name: 'x-quorum-initial-group-size',
    value: POSITIVE,
    effect: 'Sets how many members a new quorum queue gets.',
    classic: REFUSES,
    quorum: APPLIES,
    stream: REFUSES,
  },
  {
    name: 'x-delivery-limit',
    value: { form: 'integer' },
    unvalidated: true,
    effect: 'Drops or dead-letters a message after it was returned so often; negative means no limit from 4.0 on.',
    classic: REFUSES,
    // 3.10 accepts a negative limit, and then drops every message at its first return.
    quorum: [
      { since: OLDEST, support: 'applies', value: COUNT },
      { since: '4.0.0', support: 'applies' },
    ],
    stream: REFUSES,
  },
  {
    name: 'x-consumer-timeout',
    value: COUNT,
    effect: 'Returns a message that is not acknowledged within this many milliseconds.',
    // 4.3.0 supports it, but lists it among the arguments of quorum queues only from 4.3.2 on.
    classic: changes('ignores', '4.3.2', 'refuses'),
    quorum: changes('ignores', TIMEOUTS_SINCE, 'applies'),
    stream: changes('ignores', '4.3.2', 'refuses'),
  },
  {
    name: 'x-consumer-disconnected-timeout',
    value: COUNT,
    effect: 'Returns the messages of a consumer that was unreachable for this many milliseconds.',
    classic: changes('ignores', TIMEOUTS_SINCE, 'refuses'),
    quorum: changes('ignores', TIMEOUTS_SINCE, 'applies'),
    stream: changes('ignores', TIMEOUTS_SINCE, 'refuses'),
  },
  {
    name: 'x-delayed-retry-type',
    value: { form: 'one-of', values: ['all', 'failed', 'returned', 'disabled'] },
    unvalidated: true,
    effect: 'Chooses which returned messages wait before they are redelivered.',
    classic: changes('ignores', '4.3.0', 'refuses'),
    quorum: changes('ignores', '4.3.1', 'applies'),
    stream: changes('ignores', TIMEOUTS_SINCE, 'refuses'),
  },
  {
    name: 'x-delayed-retry-min',
    value: POSITIVE,
    unvalidated: true,
    effect: 'Sets the delay after the first return, in milliseconds.',
    classic: changes('ignores', '4.3.0', 'refuses'),
    quorum: changes('ignores', '4.3.1', 'applies'),
    stream: changes('ignores', TIMEOUTS_SINCE, 'refuses'),
  },
  {
    name: 'x-delayed-retry-max',
    value: POSITIVE,
    unvalidated: true,
    effect: 'Sets the longest delay between returns, in milliseconds.',
    classic: changes('ignores', '4.3.0', 'refuses'),
    quorum: changes('ignores', '4.3.1', 'applies'),
    stream: changes('ignores', TIMEOUTS_SINCE, 'refuses'),
  },
  {
    name: 'x-max-age',
    value: { form: 'age' },
    effect: 'Deletes segments of a stream that are older than this.',
    classic: REFUSES,
    quorum: REFUSES,
    stream: APPLIES,
  },
  {
    name: 'x-stream-max-segment-size-bytes',
    value: { form: 'integer', minimum: 0, maximum: LARGEST_SEGMENT },
    effect: 'Sets the size of the files of a stream, in bytes.',
    classic: REFUSES,
    quorum: REFUSES,
    stream: APPLIES,
  },
  {
    name: 'x-stream-filter-size-bytes',
    value: { form: 'integer', minimum: 16, maximum: 255 },
    effect: 'Sets the size of the filter of each chunk of a stream, in bytes.',
    classic: FILTER_ELSEWHERE,
    quorum: FILTER_ELSEWHERE,
    stream: changes('ignores', '3.13.0', 'applies'),
  },
  {
    name: 'x-initial-cluster-size',
    value: POSITIVE,
    effect: 'Sets how many members a new stream gets.',
    classic: REFUSES,
    quorum: REFUSES,
    stream: APPLIES,
  },
]

const BY_NAME = new Map(QUEUE_ARGUMENTS.map((argument) => [argument.name, argument]))

/** The row of an argument; undefined for an unknown argument. */
export function queueArgument(name: string): QueueArgument | undefined {
  return BY_NAME.get(name)
}

/** The types of queues to which an argument applies in some version. */
export function queueTypesOf(name: string): QueueType[] {
  const argument = BY_NAME.get(name)
  return QUEUE_TYPES.filter((type) => argument?.[type].some(({ support }) => support === 'applies'))
}

/** Whether the tables cover a type of queue. */
export function isQueueType(type: string | undefined): type is QueueType {
  return QUEUE_TYPES.some((known) => known === type)
}
