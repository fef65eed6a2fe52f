import type { Arguments } from '../../model/arguments.ts'
import type { Parameter } from '../../model/topology.ts'

/** The text at a key, as a list with at most one item. */
export function textIn(table: Arguments | Parameter['value'], key: string): string[] {
  if (typeof table !== 'object' || table === null || !Object.hasOwn(table, key)) return []
  const value = (table as Readonly<Record<string, unknown>>)[key]
  return typeof value === 'string' ? [value] : []
}
