import type { Binding } from '../model/topology.ts'
import type { Change } from '../plan/plan.ts'
import { showText, showValue } from './show-value.ts'

/** The words for a kind of object in texts for people. */
export const KIND_WORDS = {
  vhost: 'vhost',
  user: 'user',
  permission: 'permission',
  exchange: 'exchange',
  'topic-permission': 'topic permission',
  queue: 'queue',
  binding: 'binding',
} as const

/** How an object is called below the title of its vhost: `events`, `events -> audit [inv.#]`. */
export function objectName(change: Change): string {
  switch (change.kind) {
    case 'vhost':
    case 'user':
    case 'exchange':
    case 'queue':
      return showText(change.after.name)
    case 'permission':
      return showText(change.after.user)
    case 'topic-permission':
      return `${showText(change.after.user)} on ${showText(change.after.exchange)}`
    case 'binding':
      return bindingName(change.after)
  }
}

function bindingName({ source, destinationType, destination, routingKey, arguments: table }: Binding): string {
  const end = destinationType === 'exchange' ? `exchange ${showText(destination)}` : showText(destination)
  const key = routingKey === '' ? '' : ` [${showText(routingKey)}]`
  return `${showText(source)} -> ${end}${key}${Object.keys(table).length === 0 ? '' : ` ${showValue(table)}`}`
}

/** What is worth saying of an object in a few words: `topic, durable`. */
export function objectSummary(change: Change): string {
  switch (change.kind) {
    case 'vhost':
      return change.after.claimed ? (change.after.description ?? '') : 'referred to'
    case 'user':
      return [
        ...(change.after.tags ?? []),
        change.after.credential === undefined
          ? 'no password login'
          : change.after.credential.kind === 'password'
            ? 'password (secret)'
            : 'password hash (secret)',
      ].join(', ')
    case 'permission':
      return (['configure', 'write', 'read'] as const)
        .map((each) => `${each} ${showRight(change.after[each])}`)
        .join('  ')
    case 'topic-permission':
      return (['write', 'read'] as const).map((each) => `${each} ${showRight(change.after[each])}`).join('  ')
    case 'exchange': {
      const { type, durable, autoDelete, internal, arguments: table } = change.after
      return words(
        type,
        durable ? 'durable' : 'transient',
        autoDelete && 'auto-delete',
        internal && 'internal',
        ...showTable(table),
      )
    }
    case 'queue': {
      const { type, durable, autoDelete, arguments: table } = change.after
      return words(
        type ?? "the vhost's default type",
        durable ? 'durable' : 'transient',
        autoDelete && 'auto-delete',
        ...showTable(table),
      )
    }
    case 'binding':
      return ''
  }
}

/** An empty expression matches nothing (RabbitMQ docs, Access Control). */
function showRight(expression: string): string {
  return expression === '' ? '(nothing)' : showText(expression)
}

function showTable(table: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(table)
    .toSorted()
    .map((name) => `${name} ${showValue(table[name])}`)
}

function words(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(', ')
}
