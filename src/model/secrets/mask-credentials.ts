import { Secret } from './secret.ts'
import { credentialRangesInValue, isSecretKey } from '../../diagnostics/credentials/uri-credentials.ts'
import type { ParameterValue } from '../topology.ts'

/**
 * Turns the secrets in the value of a parameter into `Secret`: URIs with a login, such as those of a shovel, which
 * are shown as `amqp://(secret)@host`, and texts below a key whose name means a secret.
 */
export function maskCredentials(value: ParameterValue): ParameterValue {
  if (typeof value === 'string') return hideLogin(value)
  if (Array.isArray(value)) return value.map(maskCredentials)
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, isSecretKey(key) ? hideTexts(each) : maskCredentials(each)]),
  )
}

/** A list of passwords is secret as well; a table has its own keys. */
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

/** The value as the broker stores it, including logins. */
export function revealCredentials(value: ParameterValue): unknown {
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(revealCredentials)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revealCredentials(each)]))
}

/** The secrets in the value of a parameter. */
export function secretsOf(value: ParameterValue): Secret[] {
  if (value instanceof Secret) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsOf) : []
}

/**
 * Whether a value, or a part of it, is a secret: the login of a URI, or a string below a key whose name means a secret.
 */
export function containsCredentials(value: unknown): boolean {
  return secretsOf(maskCredentials(value as ParameterValue)).length > 0
}
