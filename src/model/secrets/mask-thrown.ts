import { isErrorCode } from '../../diagnostics/error-code.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { errorText, isError } from '../../diagnostics/thrown.ts'
import { hideSecrets } from './hide-secrets.ts'
import { maskData } from './mask-data.ts'
import type { SecretRegistry } from './secret-registry.ts'

const TOO_LARGE = '(too large to be shown)'

/**
 * Masks a thrown value, except for codes of warren itself. An error is masked in place together with its causes, so
 * that it stays the same object. Other values, and errors that cannot be changed or are too large to examine, are
 * replaced with a copy. It never throws, even for a value that throws when it is read.
 *
 * @returns the value that may be shown
 */
export function maskThrown(thrown: unknown, secrets: SecretRegistry): unknown {
  try {
    if (typeof thrown === 'string') return secrets.mask(thrown)
    if (!isError(thrown)) {
      if (!isPlain(thrown)) return thrown
      return isSmallEnough(thrown) ? maskData(thrown, secrets) : new Error(secrets.mask(errorText(thrown)))
    }
    return maskInPlace(thrown, secrets, new Set()) ? thrown : maskedCopy(thrown, secrets)
  } catch {
    const text = errorText(thrown)
    return secrets.mask(text) === text ? thrown : new Error(secrets.mask(text))
  }
}

/** The same for an error. */
export function maskError<E extends Error>(error: E, secrets: SecretRegistry): E {
  return maskThrown(error, secrets) as E
}

/** @returns whether the error itself no longer shows a secret; a frozen error, or one with getters, may still do so */
function maskInPlace(error: Error, secrets: SecretRegistry, seen: Set<unknown>): boolean {
  if (seen.has(error)) return true
  seen.add(error)
  let isMasked = true
  for (const property of new Set(['message', 'stack', ...Object.keys(error), 'cause', 'errors'])) {
    const value: unknown = Reflect.get(error, property)
    if (property === 'code' && isErrorCode(value)) continue
    if (typeof value === 'string') {
      const shown = secrets.mask(value)
      if (shown !== value && !(Reflect.set(error, property, shown) && Reflect.get(error, property) === shown))
        isMasked = false
    } else if (isError(value)) maskInPlace(value, secrets, seen)
    else if (property === 'errors' && Array.isArray(value)) {
      for (const each of value) if (isError(each)) maskInPlace(each, secrets, seen)
    } else if (isPlain(value)) {
      if (isOwn(error) || isSmallEnough(value)) hideSecrets(value, secrets)
      else isMasked = false
    }
  }
  return isMasked
}

/** The findings of many files may contain more values than foreign data may, and their renderers need all of them. */
function isOwn(error: Error): boolean {
  return error instanceof InvalidInputError
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || value instanceof Map || prototype === Object.prototype || prototype === null
}

/** Has the same class, for `instanceof`. */
function maskedCopy(error: Error, secrets: SecretRegistry): Error {
  const properties = Object.entries(error).map(([name, value]: [string, unknown]) => {
    if (name === 'code' && isErrorCode(value)) return [name, value]
    return [name, isPlain(value) && !isSmallEnough(value) ? TOO_LARGE : maskData(value, secrets)]
  })
  const texts = { message: secrets.mask(error.message), stack: secrets.mask(error.stack ?? '') }
  const copy: object = Object.create(Object.getPrototypeOf(error) as object)
  return Object.assign(copy, Object.fromEntries(properties), texts) as Error
}

/**
 * The maximum number of values in data that is examined; a value that is reachable on several paths counts for each.
 */
const MOST_VALUES = 100_000

/**
 * Whether data is small enough to be examined. A list with a large length, or tables that contain one another many
 * times, would keep the process busy for minutes.
 */
function isSmallEnough(data: unknown): boolean {
  let left = MOST_VALUES
  const waiting: unknown[] = [data]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue
    const size = Array.isArray(value) ? value.length : value instanceof Map ? value.size : Object.keys(value).length
    left -= size
    if (left < 0) return false
    for (const each of value instanceof Map ? value.values() : Object.values(value)) {
      if (each !== undefined) waiting.push(each)
    }
  }
  return true
}
