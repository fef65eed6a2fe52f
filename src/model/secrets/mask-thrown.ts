import { isErrorCode } from '../../diagnostics/error-code.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { errorText, isError } from '../../diagnostics/thrown.ts'
import { hideSecrets } from './hide-secrets.ts'
import { maskData } from './mask-data.ts'
import type { SecretRegistry } from './secret-registry.ts'

const TOO_LARGE = '(too large to be shown)'

/**
 * Masks what was thrown, except for a code of warren's own: an error in place, with what caused it, so that it stays the one that was thrown; anything else,
 * and an error that cannot be changed or
 * holds more than can be looked through, by a copy. It never throws, whatever was thrown.
 *
 * @returns what may be shown
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

/** The same for what is known to be an error. */
export function maskError<E extends Error>(error: E, secrets: SecretRegistry): E {
  return maskThrown(error, secrets) as E
}

/** @returns whether the error itself shows no secret any more; one that is frozen, or has getters, may do */
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

/** The findings of many files may hold more values than foreign data may, and their renderers need all of them. */
function isOwn(error: Error): boolean {
  return error instanceof InvalidInputError
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || value instanceof Map || prototype === Object.prototype || prototype === null
}

/** Of the same class, for those who ask what it is. */
function maskedCopy(error: Error, secrets: SecretRegistry): Error {
  const properties = Object.entries(error).map(([name, value]: [string, unknown]) => {
    if (name === 'code' && isErrorCode(value)) return [name, value]
    return [name, isPlain(value) && !isSmallEnough(value) ? TOO_LARGE : maskData(value, secrets)]
  })
  const texts = { message: secrets.mask(error.message), stack: secrets.mask(error.stack ?? '') }
  const copy: object = Object.create(Object.getPrototypeOf(error) as object)
  return Object.assign(copy, Object.fromEntries(properties), texts) as Error
}

/** How many values data may hold, one that is reachable on several paths counted for each, to be looked through. */
const MOST_VALUES = 100_000

/**
 * Whether data is small enough to be looked through at once. A list with a large length, or tables that hold one another
 * many times over, would keep the process busy for minutes.
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
