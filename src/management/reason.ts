import { decodeErlang } from '../diagnostics/erlang-text.ts'
import type { SecretRegistry } from '../model/secrets/secret-registry.ts'

const LONGEST = 1_000
const LONGEST_PAGE = 200

/**
 * The broker's own words in an error answer. The reason may be a text, an object or a list, 3.10 escapes HTML in it, and
 * texts in it may be Erlang's lists of character codes; what is not JSON (a proxy's page) is shortened.
 *
 * @param secrets what is masked in it, after it is decoded and before it is shortened
 */
export function reasonOf(body: string, secrets: SecretRegistry): string {
  const text = onOneLine(secrets.mask(givenReason(body, secrets) ?? unescaped(wordsOf(secrets.mask(body)))))
  return text === '' ? '(no reason given)' : text.slice(0, LONGEST)
}

/** The reason of an answer that is JSON, decoded. */
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
    // It is not JSON, or nested so deep that nobody can read it.
    return undefined
  }
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

/** The words of a page that a proxy made. */
function wordsOf(page: string): string {
  const words = page
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return words.length > LONGEST_PAGE ? `${words.slice(0, LONGEST_PAGE)}…` : words
}

/** Without line breaks, and without what would steer a terminal. */
function onOneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
}
