import { createHash } from 'node:crypto'
import { hashPassword, SALT_BYTES, SHA256_MODULE } from '../../model/secrets/password-hash.ts'
import { isTable } from '../../model/values/table.ts'

type Table = Readonly<Record<string, unknown>>

/** Names that rabbitmqadmin uses instead of the broker's own when it transforms an export. */
const SECTION_NAMES: Readonly<Record<string, string>> = {
  server_version: 'rabbitmq_version',
  virtual_hosts: 'vhosts',
}
const FIELD_NAMES: Readonly<Record<string, string>> = { apply_to: 'apply-to' }

/** The broker's defaults for missing fields (rabbit_definitions). */
const DEFAULTS: Readonly<Record<string, Table>> = {
  exchanges: { durable: true, auto_delete: false, arguments: {} },
  queues: { durable: true, auto_delete: false, arguments: {} },
  bindings: { arguments: {}, routing_key: '' },
  policies: { 'apply-to': 'all', priority: 0 },
  users: { tags: [] },
}

const PARAMETERS = new Set(['parameters', 'global_parameters'])

/** Converts a definitions file that a tool or a person has written into the broker's own form. Other values are kept. */
export function normalizeDefinitions(value: unknown): unknown {
  if (!isTable(value)) return value
  const file = renamed(value, SECTION_NAMES)
  const sections = Object.entries(file).map(([name, section]) => [
    name,
    Array.isArray(section) ? section.map((entry) => normalizeEntry(name, entry)) : asText(name, section),
  ])
  return Object.fromEntries(sections)
}

/**
 * Some tools write the version `4.0` as a number, which loses the zero at the end. Exports of RabbitMQ 3.1 are no
 * longer in use, so 3.1 is read as 3.10.
 */
function asText(name: string, value: unknown): unknown {
  if (!/^rabbit(mq)?_version$/.test(name) || typeof value !== 'number') return value
  if (Number.isInteger(value)) return `${value}.0`
  return value === 3.1 ? '3.10' : String(value)
}

function normalizeEntry(section: string, entry: unknown): unknown {
  // The value of a parameter may be null.
  if (!isTable(entry) || PARAMETERS.has(section)) return entry
  const table = { ...DEFAULTS[section], ...renamed(entry, FIELD_NAMES) }
  // Older brokers write an empty table as an empty list.
  const tables = Object.entries(table).map(([key, value]) => [
    key,
    (key === 'arguments' || key === 'definition') && Array.isArray(value) && value.length === 0 ? {} : value,
  ])
  const whole = Object.fromEntries(tables) as Table
  if (section === 'users') return withPasswordHash(whole)
  return section === 'vhosts' ? withMetadata(whole) : whole
}

/**
 * An import hashes the password of a user that has no hash (rabbit_auth_backend_internal, put_user). The salt is
 * derived from the name of the user, so that the same file always gives the same hash.
 */
function withPasswordHash(user: Table): Table {
  const { password, ...rest } = user
  if (typeof password !== 'string' || rest['password_hash'] !== undefined) return rest
  const salt = createHash('sha256').update(String(rest['name'])).digest().subarray(0, SALT_BYTES)
  return { ...rest, password_hash: hashPassword(password, salt), hashing_algorithm: SHA256_MODULE }
}

/** The metadata of a virtual host is in its own fields, in a `metadata` table, or in both. */
function withMetadata(vhost: Table): Table {
  if (vhost['metadata'] !== undefined) {
    return isTable(vhost['metadata']) ? { ...vhost, metadata: renamed(vhost['metadata'], {}) } : vhost
  }
  const { description, tags, default_queue_type } = vhost
  if ([description, tags, default_queue_type].every((each) => each === undefined)) return vhost
  return { ...vhost, metadata: renamed({ description, tags, default_queue_type }, {}) }
}

/** Renames keys, and removes null values, which mean that a field is absent. */
function renamed(table: Table, names: Readonly<Record<string, string>>): Table {
  const entries = Object.entries(table).filter(([, value]) => value !== null && value !== undefined)
  const present = new Set(entries.map(([key]) => key))
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const name = Object.hasOwn(names, key) ? names[key] : undefined
      return [name === undefined || present.has(name) ? key : name, value]
    }),
  )
}
