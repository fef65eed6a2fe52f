import { Secret } from '../secrets/secret.ts'

/** A table of JSON or YAML. */
type PlainTable = Readonly<Record<string, unknown>>

/** Whether a value is a table. Lists and secrets are objects too, but have no keys of their own to examine. */
export function isTable(value: unknown): value is PlainTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret)
}
