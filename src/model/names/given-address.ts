import { suggest } from '../../diagnostics/text/suggest.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { escapeName, kindOf } from '../address.ts'
import { type Kind, KINDS } from '../topology.ts'

/** The placeholder for an object whose address is no longer known, as `warren owners` prints it. */
const HASHED = /^[a-z-]+#[\w-]{22}$/

/** The parts of an address after its kind; a binding with arguments has one more part. */
const PARTS: { readonly [K in Kind]: readonly string[] } = {
  vhost: ['name'],
  user: ['name'],
  permission: ['vhost', 'user'],
  exchange: ['vhost', 'name'],
  'topic-permission': ['vhost', 'user', 'exchange'],
  policy: ['vhost', 'name'],
  'operator-policy': ['vhost', 'name'],
  queue: ['vhost', 'name'],
  parameter: ['vhost', 'component', 'name'],
  'global-parameter': ['name'],
  binding: ['vhost', 'exchange', 'destination type', 'destination', 'routing key'],
}

/**
 * Reads an address or a glob that a person wrote, and normalizes it to the form that warren prints: `*` outside of a
 * percent-encoding is a wildcard, each `/` ends a part, and any character may be percent-encoded.
 *
 * @param option the name of the option in an error
 * @throws {WarrenError} `INVALID_OPTION` when the text is neither
 */
export function readGlob(option: string, text: string): string {
  if (HASHED.test(text)) return text
  if (!text.includes('*')) return readAddress(option, text)
  return text
    .split('*')
    .map((each) => canonical(option, text, each))
    .join('*')
}

/** The same for an option that permits steps: a glob names the kind in full. */
export function readGlobOfKind(option: string, text: string): string {
  if (kindOf(text) === undefined) throw notOfKind(option, text)
  return readGlob(option, text)
}

/** The same for an option that accepts no glob. A `*` is kept, so that the plan can report it. */
export function readAddress(option: string, text: string): string {
  const kind = kindOf(text)
  if (kind === undefined) throw notOfKind(option, text)
  const shown = canonical(option, text, text)
  const count = shown.split('/').length
  const expected = PARTS[kind]
  if (count === expected.length || (kind === 'binding' && count === expected.length + 1) || shown.includes('*'))
    return shown
  throw unusable(
    `${shownAs(option, text)} has ${count} ${count === 1 ? 'part' : 'parts'}, and the address of a ${kind} has ${expected.length}: ${kind}:${expected.map((each) => each.toUpperCase().replace(' ', '_')).join('/')}`,
    'separate the parts with /, and write a / within a part as %2F: the vhost "/" is %2F',
  )
}

/** The most similar known address; undefined if none is similar. */
export function suggestAddress(given: string, known: readonly string[]): string | undefined {
  return suggest(given, known, given.slice(Math.max(given.lastIndexOf('/'), given.indexOf(':')) + 1))
}

function canonical(option: string, text: string, part: string): string {
  return part
    .split('/')
    .map((each) => escapeName(decoded(option, text, each)))
    .join('/')
}

function decoded(option: string, text: string, part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    const wrong = /%(?![0-9a-f]{2}).{0,2}/i.exec(part)?.[0]
    throw unusable(
      wrong === undefined
        ? `${shownAs(option, text)} has percent-encoded bytes that are not UTF-8 text`
        : `${shownAs(option, text)} has ${JSON.stringify(wrong)} in it, and a % begins the two hexadecimal digits of a percent-encoded byte`,
      'copy the address from a plan or from warren owners; a % itself is written as %25',
    )
  }
}

function notOfKind(option: string, text: string): WarrenError {
  const colon = text.indexOf(':')
  const near = colon < 0 ? undefined : suggest(text.slice(0, colon), KINDS)
  return unusable(
    `${shownAs(option, text)} does not begin with a kind of object and a colon`,
    near === undefined
      ? 'write it as plans do, such as queue:orders/invoices, with %2F for the vhost "/"'
      : `did you mean ${near}:${text.slice(colon + 1)}?`,
  )
}

function shownAs(option: string, text: string): string {
  return option.endsWith('=') ? `${option}${text}` : `${option} ${text}`
}

function unusable(message: string, hint: string): WarrenError {
  return new WarrenError(message, { code: 'INVALID_OPTION', hint })
}
