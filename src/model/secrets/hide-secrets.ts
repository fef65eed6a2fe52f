import { inspect } from 'node:util'
import { Secret } from '../secret.ts'
import type { SecretRegistry } from './secret-registry.ts'

/**
 * Lets plain data that leaves the library be printed and serialized without its secrets, while a program that reads a
 * property gets the value itself: each table and list that holds a secret gets a `toJSON` of its own.
 */
export function hideSecrets<T>(data: T, secrets: SecretRegistry): T {
  hide(data, secrets, new Map())
  return data
}

/** @param seen what holds a secret, by whether it does */
function hide(value: unknown, secrets: SecretRegistry, seen: Map<object, boolean>): boolean {
  if (typeof value === 'string') return secrets.reveals(value)
  if (typeof value === 'number') return secrets.revealsNumber(value)
  if (typeof value !== 'object' || value === null || value instanceof Secret) return false
  const known = seen.get(value)
  if (known !== undefined) return known
  seen.set(value, false)
  let reveals = false
  for (const each of value instanceof Map ? value.values() : Object.values(value)) {
    if (hide(each, secrets, seen)) reveals = true
  }
  seen.set(value, reveals)
  if (reveals && Object.isExtensible(value)) {
    const shown = () => secrets.maskValues(value)
    const hidden = (show: () => unknown) => ({ value: show, enumerable: false, configurable: true, writable: true })
    if (!(value instanceof Map)) Object.defineProperty(value, 'toJSON', hidden(shown))
    Object.defineProperty(value, inspect.custom, hidden(shown))
  }
  return reveals
}

/** Masks the texts of an error that leaves the library, and of what caused it, in place. */
export function maskError(error: unknown, secrets: SecretRegistry, seen = new Set<unknown>()): void {
  if (!(error instanceof Error) || seen.has(error)) return
  seen.add(error)
  for (const property of ['message', 'stack', ...Object.keys(error)]) {
    const value: unknown = Reflect.get(error, property)
    if (typeof value === 'string') setQuietly(error, property, secrets.mask(value))
    else if (value instanceof Error) maskError(value, secrets, seen)
    else if (isPlain(value)) hideSecrets(value, secrets)
  }
  maskError(error.cause, secrets, seen)
  if (error instanceof AggregateError) for (const each of error.errors) maskError(each, secrets, seen)
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || value instanceof Map || prototype === Object.prototype || prototype === null
}

/** An error of a library may have getters, or be frozen. */
function setQuietly(error: Error, property: string, value: string): void {
  if (Reflect.get(error, property) !== value) Reflect.set(error, property, value)
}
