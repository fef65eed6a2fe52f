/** A part of a string, `[start, end)`. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** The end of a URI in any text. A comma does not end it, because a broker accepts several URIs in one value. */
const RUN = /[^\s"'`<>]+/g
/** It matches only at the beginning of a word: starting at every letter of a long word would take quadratic time. */
const SCHEME = /(?<![a-z0-9+.-])[a-z0-9+.-]+:\/\//i
/**
 * The schemes that people also write without `//`. For other schemes, such as `mailto:`, an `@` does not indicate a
 * login.
 */
const BARE_SCHEME = /(?:amqps?|https?|mqtts?|stomp):(?=[^\s/]|\/[^/])/i
const ANY_SCHEME = /(?<![a-z0-9+.-])[a-z0-9+.-]+:\/\/|(?:amqps?|https?|mqtts?|stomp):/gi
/**
 * A quoted text, possibly with several lines, or the rest of a line. A quote within a word does not begin a quoted
 * text.
 */
const YAML_VALUE = /(?<![^\s[{,:(-])(?:"(?:[^"\\]|\\[^])*(?:"|$)|'[^']*(?:'|$))|(?:[^"'\n]|(?<=[^\s[{,:(-])["'])+/g
const PARAMETER = /[?&;]([\w.%-]{1,64})=([^&#\s"'`<>]*)/g
/** In a value that is known to be a URI, parameters may contain any character. */
const WHOLE_PARAMETER = /[?&;]([\w.%-]{1,64})=([^&#]*)/g
/** The characters that end the login for at least one parser. */
const SEPARATOR = /[\s/?#&:@,;]+/
const SHORTEST_FRAGMENT = 4
const SECRET_KEY =
  /(?:password|passwd|passphrase|secret|token|credentials?)$|(?:^|[_.-])(?:pass|pwd)$|(?:api|access|private|secret)[_.-]?key$/i

/** Whether the name of a key means a secret: `password`, `access_token`. A routing key is not a secret. */
export function isSecretKey(name: string): boolean {
  return SECRET_KEY.test(name)
}

/** Whether the value of a parameter of a URI is secret. */
function isSecretParameter(name: string): boolean {
  return name.toLowerCase() === 'key' || isSecretKey(name)
}

/**
 * The logins of URIs in any text: everything between a scheme and the last `@` of the same word, and the values of
 * parameters whose names mean a secret.
 */
export function credentialRangesIn(text: string): Range[] {
  if (!text.includes(':')) return []
  const ranges: Range[] = []
  for (const { index, 0: run } of text.matchAll(RUN)) {
    const login = loginIn(run)
    if (login) ranges.push({ start: index + login.start, end: index + login.end })
    if (SCHEME.test(run)) ranges.push(...parametersIn(run, PARAMETER, index))
  }
  return ranges
}

/** The same in a single value, which may be a URI with spaces, quotes and line breaks in invalid positions. */
export function credentialRangesInValue(value: string): Range[] {
  const login = loginIn(value)
  return [...(login ? [login] : []), ...(SCHEME.test(value) ? parametersIn(value, WHOLE_PARAMETER, 0) : [])]
}

/** The same in a YAML text, even if it cannot be parsed: a URI ends at the end of its quotes or of its line. */
export function credentialRangesInYaml(text: string): Range[] {
  const ranges: Range[] = []
  for (const { index, 0: value } of text.matchAll(YAML_VALUE)) {
    for (const { start, end } of credentialRangesInValue(value)) ranges.push({ start: index + start, end: index + end })
  }
  return ranges
}

/**
 * The secrets of a value with one or more URIs: each login as a whole and its password, both encoded and decoded, and
 * the values of parameters.
 */
export function credentialsIn(value: string): string[] {
  if (!value.includes(':')) return []
  const written = credentialRangesInValue(value).map(({ start, end }) => value.slice(start, end))
  const logins = written.flatMap((login) => [login, ...login.split(ANY_SCHEME), ...partsOfLogin(login)])
  return [...new Set(logins.flatMap((each) => [each, decoded(each)]))].filter((each) => each !== '')
}

/** From the first scheme to the last `@`. In a malformed value, the position of the password is unknown. */
function loginIn(value: string): Range | undefined {
  const end = value.lastIndexOf('@')
  if (end < 0) return undefined
  const scheme = SCHEME.exec(value) ?? BARE_SCHEME.exec(value)
  if (scheme === null) return undefined
  const start = scheme.index + scheme[0].length
  return start < end ? { start, end } : undefined
}

function parametersIn(text: string, pattern: RegExp, offset: number): Range[] {
  return [...text.matchAll(pattern)].flatMap(({ index, 0: whole, 1: name = '', 2: value = '' }) => {
    const end = offset + index + whole.length
    return value !== '' && isSecretParameter(name) ? [{ start: end - value.length, end }] : []
  })
}

/**
 * The passwords in a string that ends before the last `@`. A malformed login is split too, because a parser, such as
 * the broker, may name a part of it.
 */
function partsOfLogin(login: string): string[] {
  const pieces = login.split(ANY_SCHEME)
  return pieces.flatMap((piece, at) => {
    const isLast = at === pieces.length - 1
    const end = isLast ? piece.length : piece.lastIndexOf('@')
    const password = piece.slice(piece.indexOf(':') + 1, Math.max(end, 0))
    if (!piece.includes(':') || password === '') return []
    return [password, ...password.split(SEPARATOR).filter((part) => part.length >= SHORTEST_FRAGMENT)]
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
