const LONGEST = 1_000
const LONGEST_PAGE = 200

/**
 * The broker's own words in an error answer. The reason may be a text, an object or a list, and 3.10 escapes
 * HTML in it; what is not JSON (a proxy's page) is shortened.
 */
export function reasonOf(body: string): string {
  let reason: unknown = wordsOf(body)
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed === 'object' && parsed !== null) {
      const { reason: given, error } = parsed as { reason?: unknown; error?: unknown }
      reason = given ?? error ?? parsed
    }
  } catch {
    // Not JSON: the text itself is all there is.
  }
  const text = typeof reason === 'string' ? reason : JSON.stringify(reason)
  const plain = onOneLine(text)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
  return plain === '' ? '(no reason given)' : plain.slice(0, LONGEST)
}

/** The words of a page that a proxy made. */
function wordsOf(page: string): string {
  const words = page
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return words.length > LONGEST_PAGE ? `${words.slice(0, LONGEST_PAGE)}…` : words
}

/** Without line breaks, and without what would steer a terminal. */
function onOneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
}
