import { type DeadLetter, failedAt } from './dead-letter.ts'

/** Selects dead letters that match every given criterion; of several values for one criterion, one has to match. */
export interface MessageFilter {
  /** See `DeadLetter.reason`. */
  readonly reasons?: readonly string[]
  /** A part of the error's text; case does not matter. */
  readonly error?: string
  /** Message ids. */
  readonly ids?: readonly string[]
  /** Headers of the publisher, by the text of their value; all have to match. */
  readonly headers?: readonly { readonly name: string; readonly value: string }[]
  /** Queues that a message failed in, where a dead-letter queue serves several. */
  readonly queues?: readonly string[]
  /** Failed before, or at or after this time, in milliseconds since 1970. A dead letter without a time does not match. */
  readonly before?: number
  readonly after?: number
}

/** Whether a filter has any criterion. */
export function isFiltering(filter: MessageFilter): boolean {
  return Object.values(filter).some((each: unknown) => (Array.isArray(each) ? each.length > 0 : each !== undefined))
}

/** Returns the predicate of a filter. */
export function matcherOf(filter: MessageFilter): (letter: DeadLetter) => boolean {
  const error = filter.error?.toLowerCase()
  return (letter) =>
    fits(filter.reasons, letter.reason) &&
    fits(filter.ids, letter.messageId) &&
    fits(filter.queues, letter.queue) &&
    (error === undefined || letter.error?.toLowerCase().includes(error) === true) &&
    (filter.headers ?? []).every(({ name, value }) => textOfHeader(letter.headers, name) === value) &&
    isWithin(filter, failedAt(letter))
}

function fits(wanted: readonly string[] | undefined, value: string | undefined): boolean {
  return wanted === undefined || wanted.length === 0 || (value !== undefined && wanted.includes(value))
}

function textOfHeader(headers: DeadLetter['headers'], name: string): string | undefined {
  if (!Object.hasOwn(headers, name)) return undefined
  const value = headers[name]
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isWithin({ before, after }: MessageFilter, time: number | undefined): boolean {
  if (before === undefined && after === undefined) return true
  if (time === undefined) return false
  return (before === undefined || time < before) && (after === undefined || time >= after)
}
