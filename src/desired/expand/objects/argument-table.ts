import { canonicalJson } from '../../../model/address.ts'
import type { Arguments, ArgumentValue } from '../../../model/arguments.ts'

/**
 * Merges tables, with later ones taking precedence. The result has no prototype, so that every name is an ordinary
 * key.
 */
export function argumentTable(...tables: readonly Arguments[]): Arguments {
  const joined = Object.create(null) as Record<string, ArgumentValue>
  for (const table of tables) for (const [name, value] of Object.entries(table)) joined[name] = value
  return joined
}

/** Formats a value for a message. */
export function argumentText(value: ArgumentValue): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}
