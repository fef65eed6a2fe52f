import { durationLabel } from '../../model/values/duration.ts'
import { CONNECTION_LOST } from '../consume/consume-session.ts'
import type { RuntimeEmitter, RuntimeEventName, RuntimeEvents } from './runtime-events.ts'
import { logSafely, takesDebug } from './runtime-logger.ts'
import type { LogLevel, RuntimeLogger } from './runtime-logger.ts'
import { failureText as textOfFailure } from '../../broker/amqp/messages/warren-headers.ts'

type Line<N extends RuntimeEventName> = readonly [LogLevel, (event: RuntimeEvents[N]) => string]

/** The log line of each event. No line contains bodies or headers of messages. */
const LINES: { readonly [N in RuntimeEventName]: Line<N> } = {
  connectionUp: ['info', ({ role }) => `connected to the broker (to ${role})`],
  connectionDown: ['warn', ({ role, reason }) => `not connected to the broker (to ${role}), trying again: ${reason}`],
  connectionBlocked: [
    'warn',
    ({ role, reason }) => `the broker accepts no messages (to ${role}), publishes wait: ${reason}`,
  ],
  credentialsFailed: [
    'warn',
    ({ role, error }) => `the credentials could not be renewed (to ${role}), trying again: ${error.message}`,
  ],
  connectionUnblocked: ['info', ({ role }) => `the broker accepts messages again (to ${role})`],
  consumerUp: ['info', ({ subscription, queue }) => `subscription "${subscription}" consumes the queue "${queue}"`],
  delaysMissing: [
    'warn',
    ({ subscription, missing }) =>
      `subscription "${subscription}" lacks delay queues: ${missing.map((each) => `"${each}"`).join(', ')}; ` +
      'failed messages use the nearest existing delay until `warren apply` has run with the same topology, overlays and variables',
  ],
  consumerDown: [
    'warn',
    ({ subscription, queue, reason }) =>
      reason === CONNECTION_LOST
        ? `subscription "${subscription}" has lost its connection, and consumes again after a reconnect`
        : `subscription "${subscription}" cannot consume the queue "${queue}" now, and tries again: ${reason}`,
  ],
  partitionReleased: [
    'info',
    ({ subscription, queue, reason }) =>
      `subscription "${subscription}" no longer consumes the partition "${queue}": ${reason}`,
  ],
  consumerStopped: ['error', ({ error }) => error.message],
  retried: [
    'warn',
    (event) => `${failureText(event)}; again ${event.delay === 0 ? 'at once' : `in ${durationLabel(event.delay)}`}`,
  ],
  deadLettered: ['error', (event) => `${failureText(event)}; it was dead-lettered`],
  discarded: ['warn', (event) => `${failureText(event)}; it was discarded, as declared`],
  requestFailed: ['warn', (event) => `${failureText(event)}; the sender of the request got this reason`],
  replyDropped: [
    'warn',
    ({ request, messageId, cause }) =>
      `request "${request}": ${messageText(messageId)} was handled, but ${cause === 'sender gone' ? 'its sender is gone' : 'it asks for no reply'}`,
  ],
  held: [
    'warn',
    (event) => `${failureText(event)}; it is held, because its copy could not be published: ${event.because.message}`,
  ],
  headersDropped: [
    'warn',
    ({ subscription, messageId, dropped }) =>
      `subscription "${subscription}": the copy of ${messageText(messageId)} lacks ${namesText(dropped)}, which cannot be copied`,
  ],
  publishFailed: ['error', ({ error }) => error.message],
  published: [
    'debug',
    ({ publication, messageId, outcome, duration }) =>
      `publication "${publication}": ${messageText(messageId)} ${outcome} after ${Math.round(duration)} ms`,
  ],
  handled: [
    'debug',
    ({ subscription, messageId, attempt, outcome, duration }) =>
      `subscription "${subscription}": ${messageText(messageId)} (attempt ${attempt}) ${outcome} after ${Math.round(duration)} ms`,
  ],
  duplicate: [
    'info',
    ({ subscription, messageId }) =>
      `subscription "${subscription}": ${messageText(messageId)} was handled before, and is acknowledged`,
  ],
  idempotencyInMemory: [
    'warn',
    ({ subscription }) =>
      `subscription "${subscription}" detects duplicates only in the memory of this process, which a restart loses: ` +
      'pass a store to connect() as idempotency, or memoryStore() if this is intended',
  ],
  keyMissing: [
    'warn',
    ({ subscription, messageId }) =>
      `subscription "${subscription}": ${messageText(messageId)} has no value for idempotencyKey, so each of its deliveries is handled`,
  ],
  offsetsFailed: [
    'warn',
    ({ subscription, error }) => `subscription "${subscription}": its offset could not be stored: ${error.message}`,
  ],
  idempotencyFailed: [
    'error',
    ({ subscription, messageId, error }) =>
      `subscription "${subscription}": the idempotency store failed on ${messageText(messageId)}: ${error.message}`,
  ],
}

/** Logs the events of a runtime. */
export function logEvents(events: RuntimeEmitter, logger: RuntimeLogger): void {
  for (const name of Object.keys(LINES) as RuntimeEventName[]) logEvent(events, name, logger)
}

function logEvent<N extends RuntimeEventName>(events: RuntimeEmitter, name: N, logger: RuntimeLogger): void {
  const [level, sentence]: Line<N> = LINES[name]
  if (level === 'debug' && !takesDebug(logger)) return
  events.on(name, (event) => logSafely(logger, level, factsOf(name, event), oneLine(sentence(event))))
}

function factsOf(name: RuntimeEventName, event: RuntimeEvents[RuntimeEventName]): Record<string, unknown> {
  if (!('error' in event)) return { event: name, ...event }
  const { error, ...facts } = event
  return { event: name, ...facts, err: error }
}

function failureText({ subscription, messageId, attempt, reason, error }: RuntimeEvents['deadLettered']): string {
  return `subscription "${subscription}" failed on ${messageText(messageId)} (attempt ${attempt}, ${reason}): ${textOfFailure(error)}`
}

function messageText(messageId: string | undefined): string {
  return messageId === undefined ? 'a message without an id' : `the message ${JSON.stringify(messageId)}`
}

/** Publishers may use many and long names for headers. */
function namesText(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name))
  const more = names.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/**
 * Names and error texts may come from anywhere, so they must not end the line or reach the terminal as control
 * sequences.
 */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ')
}
