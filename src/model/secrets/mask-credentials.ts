import { Secret } from './secret.ts'
import { credentialRangesInValue, isSecretKey } from '../../diagnostics/credentials/uri-credentials.ts'
import type { ParameterValue } from '../topology.ts'

/**
 * Makes secrets of what a parameter's value holds of them: URIs with a login, such as those of a shovel, which show as
 * `amqp://(secret)@host`, and texts under a key that is called like a secret.
 */
export function maskCredentials(value: ParameterValue): ParameterValue {
  if (typeof value === 'string') return hideLogin(value)
  if (Array.isArray(value)) return value.map(maskCredentials)
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, isSecretKey(key) ? hideTexts(each) : maskCredentials(each)]),
  )
}

/** A list of passwords is secret as well; a table has keys of its own. */
function hideTexts(value: ParameterValue): ParameterValue {
  if (typeof value === 'string') return value === '' ? value : new Secret(value)
  return Array.isArray(value) ? value.map(hideTexts) : maskCredentials(value)
}

function hideLogin(text: string): string | Secret {
  const ranges = credentialRangesInValue(text)
  if (ranges.length === 0) return text
  let shown = ''
  let from = 0
  for (const { start, end } of ranges) {
    if (start < from) continue
    shown += `${text.slice(from, start)}(secret)`
    from = end
  }
  return new Secret(text, shown + text.slice(from))
}

/** The value as the broker keeps it, logins included. */
export function revealCredentials(value: ParameterValue): unknown {
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(revealCredentials)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revealCredentials(each)]))
}

/** The secrets in a parameter's value. */
export function secretsOf(value: ParameterValue): Secret[] {
  if (value instanceof Secret) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsOf) : []
}

/**
 * Whether a value, or a part of it, is a secret itself: the login of a URI, which the broker reports too, or a text under
 * a key that is called like a secret.
 */
export function containsCredentials(value: unknown): boolean {
  return secretsOf(maskCredentials(value as ParameterValue)).length > 0
}
