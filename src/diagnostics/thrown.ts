import { types } from 'node:util'

/** How many values of a thrown object are read for its text. */
const MOST_VALUES = 1_000
/** How much of a string is kept, in characters: enough for any message that people read. */
const LONGEST = 10_000
/** How many of the errors of an `AggregateError` are named. */
const MOST_ERRORS = 3
const UNREADABLE = '(a thrown value that cannot be read)'

/** Whether a value is an `Error`. Never throws, unlike `instanceof` on a revoked proxy. */
export function isError(value: unknown): value is Error {
  return attempt(() => value instanceof Error) ?? false
}

/**
 * The text of a thrown value: name and message of an error, the JSON of other values.
 *
 * It never throws, whatever the value is: a symbol, an object without a prototype, one whose getters throw, a revoked
 * proxy, an error whose name is a symbol.
 */
export function errorText(thrown: unknown): string {
  return isError(thrown) ? `${errorName(thrown)}: ${errorMessage(thrown)}` : valueText(thrown)
}

/** The name of an error, `Error` where it has none. Never throws. */
export function errorName(thrown: unknown): string {
  const name: unknown = isError(thrown) ? attempt(() => thrown.name) : undefined
  return typeof name === 'string' ? cut(name) : 'Error'
}

/** The message of a thrown value, without the name of its class. Never throws. */
export function errorMessage(thrown: unknown): string {
  if (!isError(thrown)) return valueText(thrown)
  const message: unknown = attempt(() => thrown.message)
  if (typeof message === 'string' && message !== '') return cut(message)
  return errorsText(thrown) ?? codeText(thrown) ?? (message === '' ? '' : valueText(message))
}

/** Returns a thrown error with a usable name and message, or else an error with its text. Never throws. */
export function asError(thrown: unknown): Error {
  // A proxy may throw at any later access.
  const isUsable =
    isError(thrown) &&
    !types.isProxy(thrown) &&
    attempt(() => typeof thrown.name === 'string' && typeof thrown.message === 'string') === true
  return isUsable ? thrown : new Error(errorText(thrown))
}

/** The errors inside of an `AggregateError` without a message, as Node.js throws for a host with several addresses. */
function errorsText(thrown: Error): string | undefined {
  const errors: unknown = attempt(() => (thrown as Partial<AggregateError>).errors)
  if (attempt(() => Array.isArray(errors) && errors.length > 0) !== true) return undefined
  const texts = attempt(() => (errors as unknown[]).slice(0, MOST_ERRORS).map((each) => plainMessage(each)))
  return texts?.filter((text) => text !== '').join('; ') || undefined
}

/** Without its inner errors, which may form a cycle. */
function plainMessage(thrown: unknown): string {
  if (!isError(thrown)) return valueText(thrown)
  const message: unknown = attempt(() => thrown.message)
  return typeof message === 'string' ? cut(message) : valueText(message)
}

function codeText(thrown: Error): string | undefined {
  const code: unknown = attempt(() => (thrown as NodeJS.ErrnoException).code)
  return typeof code === 'string' && code !== '' ? cut(code) : undefined
}

type Primitive = string | number | bigint | boolean | symbol | null | undefined

function valueText(value: unknown): string {
  if (typeof value === 'string') return cut(value)
  const text: unknown =
    attempt(() => boundedJson(value)) ??
    (typeof value === 'object' && value !== null ? undefined : attempt(() => String(value as Primitive))) ??
    attempt(() => Object.prototype.toString.call(value))
  return typeof text === 'string' ? cut(text) : UNREADABLE
}

/** @throws {RangeError} when the value is large */
function boundedJson(value: unknown): string | undefined {
  let values = 0
  return JSON.stringify(value, (_name, each: unknown) => {
    if (++values > MOST_VALUES) throw new RangeError('the value is too large')
    // Each of its bytes would become a property.
    return ArrayBuffer.isView(each) ? Object.prototype.toString.call(each) : each
  })
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
