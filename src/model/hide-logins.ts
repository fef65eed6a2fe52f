import { Secret } from './secret.ts'
import type { ParameterValue } from './topology.ts'

/** A URI with a login: scheme, login, and the rest. A password may hold anything but `/`, `@` and spaces when it is encoded. */
const WITH_LOGIN = /^([a-z][a-z0-9+.-]*:\/\/)[^/\s]*@(.*)$/is

/**
 * Makes secrets of the URIs with a login in a parameter's value, such as those of a shovel; they show as
 * `amqp://(secret)@host`.
 */
export function hideLogins(value: ParameterValue): ParameterValue {
  if (typeof value === 'string') return hideLogin(value)
  if (Array.isArray(value)) return value.map(hideLogins)
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hideLogins(each)]))
}

function hideLogin(text: string): string | Secret {
  const [, scheme, rest] = WITH_LOGIN.exec(text) ?? []
  return scheme === undefined || rest === undefined ? text : new Secret(text, `${scheme}(secret)@${rest}`)
}

/** The value as the broker keeps it, logins included. */
export function revealLogins(value: ParameterValue): unknown {
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(revealLogins)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revealLogins(each)]))
}

/** The secrets in a parameter's value. */
export function secretsOf(value: ParameterValue): Secret[] {
  if (value instanceof Secret) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsOf) : []
}
