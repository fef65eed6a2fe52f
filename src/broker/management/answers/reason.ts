import { decodeErlang } from '../../../diagnostics/text/erlang-text.ts'
import type { SecretRegistry } from '../../../model/secrets/secret-registry.ts'

const LONGEST = 1_000
const LONGEST_PAGE = 200
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|apos|gt|lt|quot));/gi
const NAMED: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' }
const LAST_CHARACTER = 0x10_ff_ff

/**
 * Extracts the broker's own words from an error response. The reason may be a string, an object or a list. RabbitMQ 3.10
 * escapes HTML in it, and texts may be Erlang lists of character codes. Other content (a proxy's page) is shortened.
 *
 * @param secrets to mask, after decoding and before shortening
 */
export function reasonOf(body: string, secrets: SecretRegistry): string {
  const text = onOneLine(secrets.mask(givenReason(body, secrets) ?? unescaped(wordsOf(maskedPage(body, secrets)))))
  return text === '' ? '(no reason given)' : text.slice(0, LONGEST)
}

/** The decoded reason in a JSON response. */
function givenReason(body: string, secrets: SecretRegistry): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body, (_key, each: unknown) =>
      typeof each === 'string' ? unescaped(each) : each,
    )
    if (typeof parsed !== 'object' || parsed === null) return undefined
    const { reason, error } = parsed as { reason?: unknown; error?: unknown }
    const decoded = decodeErlang(reason ?? error ?? parsed)
    if (typeof decoded === 'string') return decoded
    return JSON.stringify(decoded, (_key, each: unknown) => (typeof each === 'string' ? secrets.mask(each) : each))
  } catch {
    // The text is not JSON, or is nested too deeply.
    return undefined
  }
}

function unescaped(text: string): string {
  return text.replaceAll(ENTITY, (whole, decimal?: string, hexadecimal?: string, name = '') => {
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
    return code <= LAST_CHARACTER ? String.fromCodePoint(code) : (NAMED[String(name).toLowerCase()] ?? whole)
  })
}

/** Entities are decoded only if they hide a secret, because the result could look like a tag. */
function maskedPage(body: string, secrets: SecretRegistry): string {
  const page = secrets.mask(body)
  const text = unescaped(page)
  const masked = secrets.mask(text)
  return masked === text ? page : masked
}

/** The words of a page from a proxy. */
function wordsOf(page: string): string {
  const words = page
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return words.length > LONGEST_PAGE ? `${words.slice(0, LONGEST_PAGE)}…` : words
}

/** Without line breaks and control characters of the terminal. */
function onOneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
}
