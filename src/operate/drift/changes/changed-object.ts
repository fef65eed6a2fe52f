import { address, canonicalJson } from '../../../model/address.ts'
import type { Kind } from '../../../model/topology.ts'
import type { BrokerEvent } from './broker-change.ts'

/**
 * The events about objects that files can declare, seen on RabbitMQ 3.10.8, 4.0.5 and 4.3.6. Events about
 * connections, channels and consumers are left out, because there are very many. An operator policy and the limits of a
 * vhost are also parameters, and only the events of parameters name them completely on all versions.
 */
export const EVENT_KEYS = [
  'queue.*',
  'exchange.*',
  'binding.*',
  'policy.*',
  'parameter.*',
  'permission.*',
  'topic.permission.*',
  'vhost.created',
  'vhost.deleted',
  'user.created',
  'user.deleted',
  'user.password.*',
  'user.tags.set',
] as const

type Headers = BrokerEvent['headers']

/**
 * The address of the object that an event is about; undefined if the event does not name it completely, such as a deleted
 * topic permission.
 */
export function changedObject({ key, headers }: BrokerEvent): string | undefined {
  const [subject = ''] = /^(?:topic\.permission|[a-z]+)/.exec(key) ?? []
  switch (subject) {
    case 'queue':
    case 'exchange':
    case 'policy':
      return addressIn(headers, subject, ['vhost', 'name'])
    case 'binding':
      return bindingIn(headers)
    case 'permission':
      return addressIn(headers, 'permission', ['vhost', 'user'])
    case 'topic.permission':
      return addressIn(headers, 'topic-permission', ['vhost', 'user', 'exchange'])
    case 'parameter':
      return parameterIn(headers)
    case 'vhost':
    case 'user':
      return addressIn(headers, subject, ['name'])
    default:
      return undefined
  }
}

/** The queue that the bindings of an event lead to; undefined if the event is not about such a binding. */
export function destinationQueue({ key, headers }: BrokerEvent): string | undefined {
  if (!key.startsWith('binding.') || headers['destination_kind'] !== 'queue') return undefined
  return addressIn(headers, 'queue', ['vhost', 'destination_name'])
}

function addressIn(headers: Headers, kind: Kind, names: readonly string[], ...more: readonly string[]) {
  const parts = names.map((name) => headers[name])
  return parts.every((each) => typeof each === 'string') ? address(kind, ...parts, ...more) : undefined
}

function parameterIn(headers: Headers): string | undefined {
  switch (headers['component']) {
    case 'global':
      return addressIn(headers, 'global-parameter', ['name'])
    case 'operator_policy':
      return addressIn(headers, 'operator-policy', ['vhost', 'name'])
    case 'vhost-limits':
      return addressIn(headers, 'vhost', ['vhost'])
    default:
      return addressIn(headers, 'parameter', ['vhost', 'component', 'name'])
  }
}

const BINDING = ['vhost', 'source_name', 'destination_kind', 'destination_name', 'routing_key'] as const

function bindingIn(headers: Headers): string | undefined {
  const table = tableIn(headers['arguments'])
  if (table === undefined) return undefined
  return addressIn(headers, 'binding', BINDING, ...(Object.keys(table).length === 0 ? [] : [canonicalJson(table)]))
}

/** An argument as a term of Erlang, such as `{<<"x-match">>,longstr,<<"all">>}`. */
const ARGUMENT = /^\{<<"([^"\\]*)">>,[a-z]+,(?:<<"([^"\\]*)">>|(true|false|-?\d+(?:\.\d+)?))\}$/

/** The arguments of a binding; undefined if one of them is not a simple value, or has characters that Erlang escapes. */
function tableIn(terms: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!Array.isArray(terms)) return undefined
  const entries = terms.map((term) => {
    const [, name, text, literal] = ARGUMENT.exec(String(term)) ?? []
    return name === undefined ? undefined : [name, text ?? JSON.parse(literal ?? 'null')]
  })
  return entries.every((each) => each !== undefined) ? Object.fromEntries(entries) : undefined
}
