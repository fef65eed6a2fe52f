import type { ReceivedVhost } from '../management/answers/received.ts'
import { data, either, emptyList, number as numberShape, tableOf } from '../management/answers/shape.ts'
import type { ReceivedObjects } from './normalize.ts'
import { isTable } from '../../model/values/table.ts'

/**
 * An export of a broker or of one virtual host (rabbit_definitions, rabbit_mgmt_wm_definitions), complete or edited.
 * The export of one virtual host may not contain the name of that virtual host.
 */
export interface DefinitionsFile {
  readonly rabbitmq_version?: string
  readonly rabbit_version?: string
  /** From 4.0.5. */
  readonly original_cluster_name?: string
  /** From 4.0.5 on, in a file of one virtual host. */
  readonly original_vhost_name?: string
  /** Absent in a file of one virtual host, like users and their permissions. */
  readonly vhosts?: readonly ExportedVhost[]
  readonly users?: readonly (Omit<Received<'users'>, 'password_hash'> & { readonly password_hash?: string })[]
  readonly permissions?: readonly Received<'permissions'>[]
  readonly topic_permissions?: readonly Received<'topicPermissions'>[]
  readonly global_parameters?: readonly Received<'globalParameters'>[]
  readonly exchanges?: readonly (WithoutVhost<Received<'exchanges'>, 'internal'> & { readonly internal?: boolean })[]
  readonly queues?: readonly WithoutVhost<Received<'queues'>>[]
  readonly bindings?: readonly WithoutVhost<Received<'bindings'>, 'properties_key'>[]
  readonly policies?: readonly WithoutVhost<Received<'policies'>>[]
  readonly parameters?: readonly WithoutVhost<Received<'parameters'>>[]
  /** The metadata of the only virtual host of the file. */
  readonly metadata?: ExportedMetadata
  readonly limits?: ExportedVhost['limits']
}

type Received<K extends keyof ReceivedObjects> = ReceivedObjects[K][number]

type WithoutVhost<T, K extends keyof T = never> = Omit<T, K | ('vhost' & keyof T)> & { readonly vhost?: string }

/** From 3.13.4 on; before, only the name of a virtual host is exported. */
export type ExportedMetadata = Pick<
  ReceivedVhost,
  'description' | 'tags' | 'default_queue_type' | 'protected_from_deletion'
>

export interface ExportedVhost {
  readonly name: string
  readonly metadata?: ExportedMetadata
  readonly limits?: Readonly<Record<string, number>> | readonly never[]
}

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string'
const flag: Check = (value) => typeof value === 'boolean'
const number: Check = (value) => typeof value === 'number'
const anything: Check = (value) => data.misfit(value) === undefined
const table: Check = isTable
const argumentsTable: Check = (value) => tableOf(data).misfit(value) === undefined
/** Older brokers write an empty table as an empty list. */
const limits: Check = (value) => either(tableOf(numberShape), emptyList).misfit(value) === undefined
const tags: Check = (value) => text(value) || (Array.isArray(value) && value.every(text))
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

type Fields = Readonly<Record<string, Check>>

const METADATA: Fields = {
  description: optional(text),
  tags: optional(tags),
  default_queue_type: optional((value) => text(value) || value === null),
  protected_from_deletion: optional(flag),
}
const metadata: Check = (value) => table(value) && wrongField(value as Table, METADATA) === undefined

const OF_A_VHOST: Readonly<Record<string, Fields>> = {
  exchanges: {
    name: text,
    type: text,
    durable: flag,
    auto_delete: flag,
    internal: optional(flag),
    arguments: argumentsTable,
  },
  queues: { name: text, type: optional(text), durable: flag, auto_delete: flag, arguments: argumentsTable },
  bindings: {
    source: text,
    destination: text,
    destination_type: (value) => value === 'queue' || value === 'exchange',
    routing_key: text,
    arguments: argumentsTable,
  },
  policies: { name: text, pattern: text, 'apply-to': text, priority: number, definition: argumentsTable },
  parameters: { component: text, name: text, value: anything },
}

/** Parameters that warren reads as separate objects (rabbit_policy, rabbit_vhost_limit). */
const OF_A_COMPONENT: ReadonlyMap<unknown, Check> = new Map<unknown, Check>([
  [
    'operator_policy',
    (value) =>
      table(value) &&
      wrongField(value as Table, { pattern: text, 'apply-to': text, priority: number, definition: argumentsTable }) ===
        undefined,
  ],
  ['vhost-limits', limits],
])

const OF_THE_BROKER: Readonly<Record<string, Fields>> = {
  vhosts: { name: text, metadata: optional(metadata), limits: optional(limits) },
  users: {
    name: text,
    password_hash: optional(text),
    hashing_algorithm: optional(text),
    tags,
    limits: optional(limits),
  },
  permissions: { vhost: text, user: text, configure: text, write: text, read: text },
  topic_permissions: { vhost: text, user: text, exchange: text, write: text, read: text },
  global_parameters: { name: text, value: anything },
}

type Table = Readonly<Record<string, unknown>>

/**
 * Checks whether a value is an export of a broker, in the parts that warren reads.
 *
 * @returns the problems with their positions, never with values, because the file contains password hashes
 */
export function checkDefinitions(value: unknown): { readonly file: DefinitionsFile } | { readonly problem: string } {
  if (!table(value)) return { problem: 'it does not contain a table' }
  const file = value as Table
  if (!isDefinitions(file)) return { problem: 'it has none of the sections of such a file' }
  for (const [section, fields] of Object.entries({ ...OF_A_VHOST, ...OF_THE_BROKER })) {
    const problem = wrongSection(file, section, { vhost: optional(text), ...fields })
    if (problem !== undefined) return { problem }
  }
  const head = wrongField(file, {
    rabbitmq_version: optional(text),
    rabbit_version: optional(text),
    original_cluster_name: optional(text),
    original_vhost_name: optional(text),
    metadata: optional(metadata),
    limits: optional(limits),
  })
  return head === undefined ? { file: value as DefinitionsFile } : { problem: head }
}

/** Whether a table has a section of a definitions file. */
function isDefinitions(file: Table): boolean {
  return Object.keys({ ...OF_A_VHOST, ...OF_THE_BROKER }).some((section) => file[section] !== undefined)
}

function wrongSection(file: Table, section: string, fields: Fields): string | undefined {
  const entries = file[section]
  if (entries === undefined) return undefined
  if (!Array.isArray(entries)) return `${section} is not a list`
  for (const [at, entry] of entries.entries()) {
    if (!table(entry)) return `${section}[${at}] is not a table`
    const wrong = wrongField(entry as Table, fields)
    if (wrong !== undefined) return `${section}[${at}].${wrong}`
    const { component, value } = entry as Table
    const check = section === 'parameters' ? OF_A_COMPONENT.get(component) : undefined
    if (check && !check(value)) return `${section}[${at}].value does not have the form that a broker exports`
  }
  return undefined
}

function wrongField(entry: Table, fields: Fields): string | undefined {
  for (const [field, check] of Object.entries(fields)) {
    const value = Object.hasOwn(entry, field) ? entry[field] : undefined
    if (!check(value)) return `${field} is ${value === undefined ? 'missing' : 'not what a broker exports'}`
  }
  return undefined
}
