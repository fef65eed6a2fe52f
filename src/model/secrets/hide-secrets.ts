import { inspect } from 'node:util'
import { Secret } from './secret.ts'
import { type DataContext, maskIn, within } from './mask-data.ts'
import type { SecretRegistry } from './secret-registry.ts'

/**
 * Hides secrets in plain data that leaves the library: when it is printed or serialized, secrets are masked, but a
 * program that reads a property gets the value itself. Each table and list that contains a secret gets its own
 * `toJSON`.
 */
export function hideSecrets<T>(data: T, secrets: SecretRegistry): T {
  hide(data, { secrets, key: '', isValue: false, isHash: false }, new Map())
  return data
}

/** @param seen the visited tables and lists, with whether they contain a secret */
function hide(value: unknown, context: DataContext, seen: Map<object, boolean>): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Secret) return maskIn(value, context) !== value
  const known = seen.get(value)
  if (known !== undefined) return known
  seen.set(value, false)
  let reveals = isListOfNumbers(value) && maskIn(value, context) !== value
  const entries = value instanceof Map ? value.entries() : Object.entries(value)
  for (const [key, each] of entries) {
    if (hide(each, Array.isArray(value) ? context : within(context, String(key)), seen)) reveals = true
  }
  seen.set(value, reveals)
  if (reveals && Object.isExtensible(value)) {
    const shown = () => maskIn(value, context)
    const hidden = (show: () => unknown) => ({ value: show, enumerable: false, configurable: true, writable: true })
    if (!(value instanceof Map)) Object.defineProperty(value, 'toJSON', hidden(shown))
    Object.defineProperty(value, inspect.custom, hidden(shown))
  }
  return reveals
}

/** A list of numbers may be a string as character codes. */
function isListOfNumbers(value: object): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'number')
}
