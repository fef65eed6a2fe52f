import type { Binding, Credential, ParameterValue } from '../../model/topology.ts'
import type { Subject } from '../../plan/steps/subject.ts'
import { showText, showValue } from './show-value.ts'
import { isTable } from '../../model/values/table.ts'

/** The words for a kind of object in texts for people. */
export const KIND_WORDS = {
  vhost: 'vhost',
  user: 'user',
  permission: 'permission',
  exchange: 'exchange',
  'topic-permission': 'topic permission',
  policy: 'policy',
  'operator-policy': 'operator policy',
  queue: 'queue',
  binding: 'binding',
  parameter: 'parameter',
  'global-parameter': 'global parameter',
} as const

/** The name of an object below the title of its vhost: `events`, `events -> audit [inv.#]`. */
export function objectName({ kind, object }: Subject): string {
  switch (kind) {
    case 'vhost':
    case 'user':
    case 'exchange':
    case 'policy':
    case 'operator-policy':
    case 'queue':
    case 'global-parameter':
      return showText(object.name)
    case 'parameter':
      return `${showText(object.component)} ${showText(object.name)}`
    case 'permission':
      return showText(object.user)
    case 'topic-permission':
      return `${showText(object.user)} on ${showText(object.exchange)}`
    case 'binding':
      return bindingName(object)
  }
}

function bindingName({ source, destinationType, destination, routingKey, arguments: table }: Binding): string {
  const end = destinationType === 'exchange' ? `exchange ${showText(destination)}` : showText(destination)
  const key = routingKey === '' ? '' : ` [${showText(routingKey)}]`
  return `${showText(source)} -> ${end}${key}${Object.keys(table).length === 0 ? '' : ` ${showValue(table)}`}`
}

/** Describes an object in a few words after its name: `topic, durable`. */
export function objectSummary({ kind, object }: Subject): string {
  switch (kind) {
    case 'vhost':
      return object.claimed ? quoted(object.description) : 'not claimed'
    case 'user':
      return words(...(object.tags ?? []).map(showText), credentialWord(object.credential))
    case 'exchange': {
      const { type, durable, autoDelete, internal } = object
      return words(type, durable ? 'durable' : 'transient', autoDelete && 'auto-delete', internal && 'internal')
    }
    case 'queue': {
      const { type, durable, autoDelete } = object
      return words(type ?? "the vhost's type", durable ? 'durable' : 'transient', autoDelete && 'auto-delete')
    }
    case 'policy':
    case 'operator-policy':
      return words(showText(object.pattern), object.applyTo, `priority ${object.priority}`)
    case 'permission':
    case 'topic-permission':
    case 'binding':
    case 'parameter':
    case 'global-parameter':
      return ''
  }
}

/** The other properties of an object, on separate lines: arguments, limits and rights. */
export function objectDetails({ kind, object }: Subject): string[] {
  switch (kind) {
    case 'exchange':
    case 'queue':
      return showTable(object.arguments)
    case 'permission':
      return (['configure', 'write', 'read'] as const).flatMap((each) => showRight(each, object[each]))
    case 'topic-permission':
      return (['write', 'read'] as const).flatMap((each) => showRight(each, object[each]))
    case 'policy':
    case 'operator-policy':
      return showTable(object.definition)
    case 'parameter':
    case 'global-parameter':
      return showParameter(object.value)
    case 'vhost': {
      const { claimed, tags, defaultQueueType, limits, protect } = object
      return claimed ? showTable({ defaultQueueType, protect, ...filled({ limits, tags }) }) : []
    }
    case 'user':
      return showTable(filled({ limits: object.limits }))
    case 'binding':
      return []
  }
}

function credentialWord(credential: Credential | undefined): string {
  if (credential === undefined) return 'no password login'
  return credential.kind === 'password' ? 'password (secret)' : 'password hash (secret)'
}

/** An empty expression matches nothing (RabbitMQ docs, Access Control), so it is not shown. */
function showRight(right: string, expression: string): string[] {
  return expression === '' ? [] : [`${right} ${showText(expression)}`]
}

function showParameter(value: ParameterValue): string[] {
  const plain: unknown = JSON.parse(JSON.stringify(value))
  return isTable(plain) ? showTable(plain) : [showValue(plain)]
}

function showTable(table: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(table)
    .filter((name) => table[name] !== undefined)
    .toSorted()
    .map((name) => `${showText(name)} ${showValue(table[name])}`)
}

/** Leaves out empty tables and lists, which are irrelevant for a new object. */
function filled(table: Readonly<Record<string, object | undefined>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value && Object.keys(value).length > 0))
}

function quoted(description: string | undefined): string {
  return description === undefined || description === '' ? '' : showText(description)
}

function words(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(', ')
}
