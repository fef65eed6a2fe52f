import { inspect } from 'node:util'
import { Secret } from '../secret.ts'
import { type DataContext, maskIn, within } from './mask-data.ts'
import type { SecretRegistry } from './secret-registry.ts'

/**
 * Lets plain data that leaves the library be printed and serialized without its secrets, while a program that reads a
 * property gets the value itself: each table and list that holds a secret gets a `toJSON` of its own.
 */
export function hideSecrets<T>(data: T, secrets: SecretRegistry): T {
  hide(data, { secrets, key: '', isValue: false, isHash: false }, new Map())
  return data
}

/** @param seen tables and lists by whether they hold a secret */
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

/** It may be a text as character codes. */
function isListOfNumbers(value: object): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'number')
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
