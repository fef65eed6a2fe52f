import { constantFrom, record, stringMatching, tuple } from 'fast-check'
import type { Arbitrary } from 'fast-check'

/** The secrets of one case, by their sources. */
export interface Secrets {
  readonly file: string
  readonly part: string
  readonly environment: string
  readonly literal: string
  readonly inUri: string
  readonly inArgument: string
  readonly inParameter: string
  readonly login: string
  /** A duration from a file, which declarations convert into numbers and other texts. */
  readonly duration: string
}

const awkward = constantFrom('"', '\\', '/', ':', '?', '#', '&', '%', '+', ' ', 'ü', "'", '$', '<', '>', '@', '[', '=')

/** Unlike any other written text, with characters in its middle that encodings change. */
const secretText: Arbitrary<string> = tuple(
  stringMatching(/^q[a-z0-9]{7}$/),
  awkward,
  awkward,
  stringMatching(/^Z[A-Z0-9]{7}$/),
).map((parts) => parts.join(''))

const MOST_SECONDS = 99_999
const duration = stringMatching(/^[1-9]\d{4}$/).map((digits) => `${Math.min(Number(digits), MOST_SECONDS)}s`)

export const secretsOfCase: Arbitrary<Secrets> = record({
  file: secretText,
  part: secretText,
  environment: secretText,
  literal: secretText,
  inUri: secretText,
  inArgument: secretText,
  inParameter: secretText,
  login: secretText,
  duration,
})

/** The notations of a login in a URI, valid and invalid. */
export const uriWith: readonly ((secret: string) => string)[] = [
  (secret) => `amqp://svc:${encodeURIComponent(secret)}@host`,
  (secret) => `amqp://svc:${secret}@host`,
  (secret) => `amqp://svc:${encodeURIComponent(secret)}@host:56x72`,
  (secret) => `amqp://a:b@one,amqp://svc:${encodeURIComponent(secret)}@two`,
  (secret) => `amqps://host?keyfile=/k&password=${encodeURIComponent(secret)}`,
  (secret) => `amqp:svc:${secret}@host`,
]

/** The texts that must not be found: each secret, its two ends, and its usual encodings. */
function tracesOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const codes = [[...bytes], Array.from(secret, (each) => each.codePointAt(0) ?? 0)]
  return [
    secret,
    secret.slice(0, 8),
    secret.slice(-8),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('hex'),
    ...codes.flatMap((each) => [each.join(','), each.join(', '), each.join(' ')]),
  ]
}

function tracesOfDuration(text: string): RegExp[] {
  const seconds = Number.parseInt(text, 10)
  return [new RegExp(`(?<!\\d)${seconds}s`), new RegExp(`(?<!\\d)${seconds * 1_000}(?!\\d)`)]
}

/** The names of the secrets that occur in a string in any form. */
export function shownIn(text: string, { duration: measured, ...texts }: Secrets): string[] {
  const shown = Object.entries(texts).filter(([, secret]) => tracesOf(secret).some((trace) => text.includes(trace)))
  const isMeasured = tracesOfDuration(measured).some((trace) => trace.test(text))
  return [...shown.map(([name]) => name), ...(isMeasured ? ['duration'] : [])]
}
