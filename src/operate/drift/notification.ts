import { createHmac } from 'node:crypto'
import type { Difference } from '../../plan/change.ts'
import { isOfBroker } from './changes/broker-change.ts'
import type { DriftEvent } from './drift-event.ts'

/** The format of a notification: the documented body, or text for Slack. */
export type NotificationFormat = 'json' | 'slack'

/** The maximum number of events in one request. */
export const MOST_EVENTS = 50

/** The body of a notification, see `schemas/drift-notification.schema.json`. */
export interface DriftNotification {
  /** The version of this format. */
  readonly format: 1
  /** Between 1 and 50 events, in the order in which they were observed. */
  readonly events: readonly DriftEvent[]
}

/** The body of the request to a webhook. */
export function notificationBody(events: readonly DriftEvent[], format: NotificationFormat): string {
  const notification: DriftNotification = { format: 1, events }
  return JSON.stringify(format === 'slack' ? { text: events.map(driftEventText).join('\n') } : notification)
}

/**
 * The headers of the request to a webhook. With a secret, `x-warren-signature` is `sha256=` and the HMAC of the body in
 * hexadecimal digits.
 */
export function notificationHeaders(body: string, secret?: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    'user-agent': 'warren',
    ...(secret !== undefined && {
      'x-warren-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    }),
  }
}

/** One event as a sentence. */
export function driftEventText(event: DriftEvent): string {
  const { environment, project, address, owner, createdBy, occurrences } = event
  const where = environment === undefined ? project : `${project} in ${environment}`
  const details = [
    ...(owner === undefined ? [] : [`owner: ${owner}`]),
    ...(createdBy === undefined ? [] : [`declared by the user ${createdBy}`]),
    ...changeText(event),
    ...(occurrences > 1 ? [`${occurrences} times within an hour`] : []),
  ]
  const end = details.length === 0 ? '' : ` (${details.join('; ')})`
  return `[${where}] ${address} ${stateText(event)}${end}`
}

function changeText({ changedBy, changedAt }: DriftEvent): string[] {
  if (changedBy === undefined || changedAt === undefined) return []
  const who = isOfBroker({ changedBy }) ? 'the broker itself' : `the user ${changedBy}`
  return [`changed by ${who} at ${changedAt}`]
}

function stateText({ event, because, action, differences }: DriftEvent): string {
  if (event === 'resolved') return because === 'as-declared' ? 'is as declared again' : 'no longer differs as before'
  switch (action) {
    case 'create':
      return 'is missing on the broker'
    case 'delete':
      return 'is no longer declared and still exists'
    case 'returned':
      return 'came back after warren deleted it: a program still declares it'
    case 'rename':
      return 'still has its former name'
    case 'update':
    case 'replace':
      return `is not as declared: ${differences.map(differenceText).join(', ')}`
  }
}

function differenceText(difference: Difference): string {
  if ('secret' in difference) return `${difference.property} differs`
  return `${difference.property} is ${valueText(difference.before)} instead of ${valueText(difference.after)}`
}

const LONGEST_VALUE = 100

function valueText(value: unknown): string {
  if (value === undefined) return 'not set'
  const text = JSON.stringify(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}
