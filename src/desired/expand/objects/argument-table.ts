import { canonicalJson } from '../../../model/address.ts'
import type { Arguments, ArgumentValue } from '../../../model/arguments.ts'

/** Puts tables together, later ones over earlier ones; without a prototype, so that any name is a name like any other. */
export function argumentTable(...tables: readonly Arguments[]): Arguments {
  const joined = Object.create(null) as Record<string, ArgumentValue>
  for (const table of tables) for (const [name, value] of Object.entries(table)) joined[name] = value
  return joined
}

/** Writes a value for a message to a person. */
export function argumentText(value: ArgumentValue): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}
