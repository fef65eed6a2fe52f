import { createHash } from 'node:crypto'
import { durationLabel } from './values/duration.ts'

/** The longest name, or routing key, that AMQP can carry (a short string), in bytes. */
export const LONGEST_NAME = 255

/** The suffix of the queue that holds messages while their queue is replaced. */
export const HOLDING_SUFFIX = '.moving'

const FAILED = '.failed'
const LOCK = 'warren.lock.'
const PARAMETERS = 'warren.'
const RECORD = `${PARAMETERS}owner.`
const JOURNAL = `${PARAMETERS}moves.`
const DRIFT = `${PARAMETERS}drift.`
const HASH_DIGITS = 16

/** The length of a name or routing key in bytes if it is too long; undefined if AMQP can transmit it. */
export function excessiveLength(name: string): number | undefined {
  const bytes = Buffer.byteLength(name)
  return bytes > LONGEST_NAME ? bytes : undefined
}

/** The exchange through which the failed messages of a queue pass. The policy of `deadLetter: { by: policy }` has this name too. */
export function failedExchangeName(queue: string): string {
  return queue + FAILED
}

/** The queue whose failed messages go to an exchange with this name; undefined for any other name. */
export function queueOfFailedExchange(exchange: string): string | undefined {
  return exchange.endsWith(FAILED) ? exchange.slice(0, -FAILED.length) : undefined
}

/** The dead-letter queue of a queue. */
export function deadLetterQueueName(queue: string): string {
  return `${queue}.dead`
}

/**
 * The queue in which failed messages of a queue wait for one delay.
 *
 * @param delay in milliseconds
 */
export function delayQueueName(queue: string, delay: number): string {
  return `${queue}.retry.${durationLabel(delay)}`
}

/**
 * The stream of one partition of a super stream.
 *
 * @param partition its binding key, by default its number
 */
export function partitionName(superStream: string, partition: string): string {
  return `${superStream}-${partition}`
}

/**
 * The queue whose exclusive consumer owns a partition: only this worker of the subscription consumes the partition.
 * The locks begin alike, so that the regular expression of a permission stays short.
 *
 * @param partition the name of its stream
 */
export function partitionLockName(superStream: string, subscription: string, partition: string): string {
  return `${superStream}.lock.${subscription}${partition.slice(superStream.length)}`
}

/** The queue whose consumers are the workers that share the partitions of a super stream. */
export function workersQueueName(superStream: string, subscription: string): string {
  return `${superStream}.workers.${subscription}`
}

/** The queue whose consumers are the workers that have too few partitions. */
export function waitingQueueName(superStream: string, subscription: string): string {
  return `${superStream}.waiting.${subscription}`
}

/**
 * The exchange to which programs publish messages with one delay, and the queue in which these wait.
 *
 * @param exchange the exchange that routes them after the delay
 * @param delay in milliseconds
 */
export function publicationDelayName(exchange: string, delay: number): string {
  return withSuffix(exchange, `.delay.${durationLabel(delay)}`)
}

/** The queue that holds the messages of a queue while it is replaced. */
export function holdingQueueName(queue: string): string {
  return withSuffix(queue, HOLDING_SUFFIX)
}

/** Appends a suffix to a name. If that is too long, takes the beginning of the name with a hash of the whole. */
function withSuffix(name: string, suffix: string): string {
  if (excessiveLength(name + suffix) === undefined) return name + suffix
  const hash = hashOf(name).slice(0, HASH_DIGITS)
  const room = LONGEST_NAME - HASH_DIGITS - 1 - suffix.length
  let beginning = name
  while (Buffer.byteLength(beginning) > room) beginning = beginning.slice(0, -1)
  // Half of a surrogate pair is not a valid character.
  return `${beginning.replace(/[\uD800-\uDBFF]$/, '')}.${hash}${suffix}`
}

/** The queue that locks a project in a virtual host: only one apply at a time can declare it. */
export function lockName(project: string): string {
  const name = LOCK + project
  return excessiveLength(name) === undefined ? name : LOCK + hashOf(project)
}

/** Whether a queue has the name of a lock, so that it would be treated as one. */
export function isLockName(queue: string): boolean {
  return queue.startsWith(LOCK)
}

/** A project in a virtual host, for which the broker stores a record of ownership and a journal. */
export interface RecordPlace {
  readonly project: string
  readonly vhost: string
}

/** The global parameter with the record of the objects that a project owns in a virtual host. */
export function recordName(place: RecordPlace): string {
  return RECORD + parameterHash(place)
}

/** Whether a global parameter has the name of a record of ownership. */
export function isRecordName(name: string): boolean {
  return name.startsWith(RECORD)
}

/** The global parameter that holds the journal of unfinished replacements of a project in a virtual host. */
export function journalName(place: RecordPlace): string {
  return JOURNAL + parameterHash(place)
}

/** Whether a global parameter has the name of a journal. */
export function isJournalName(name: string): boolean {
  return name.startsWith(JOURNAL)
}

/** The global parameter with the state of the drift service for a project in an environment. */
export function driftStateName(project: string, environment = ''): string {
  return `${DRIFT}${hashOf(`${project}\0${environment}`).slice(0, HASH_DIGITS)}`
}

/** The queue that locks the drift service for some projects in an environment: only one of several processes acts. */
export function driftLockName(projects: readonly string[], environment = ''): string {
  return `${LOCK}drift.${hashOf([environment, ...projects.toSorted()].join('\0')).slice(0, HASH_DIGITS)}`
}

/** The exchange of the plugin `rabbitmq_event_exchange`. */
export const EVENT_EXCHANGE = 'amq.rabbitmq.event'

/** The exclusive queue in which the drift service receives the broker's own events. */
export function eventQueueName(id: string): string {
  return `warren.events.${id}`
}

/** Whether only warren uses this name of a global parameter, so that a topology cannot declare it. */
export function isReservedParameterName(name: string): boolean {
  return name.startsWith(PARAMETERS)
}

/**
 * The broker turns names of global parameters into atoms, which are never freed and limited to 255 characters. A hash
 * gives one short name per project and virtual host.
 */
function parameterHash({ project, vhost }: RecordPlace): string {
  return hashOf(`${project}\0${vhost}`).slice(0, HASH_DIGITS)
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
