import { isUtf8 } from 'node:buffer'

const REPLACEMENT = '\uFFFD'

/** The text of UTF-8 bytes without a byte-order mark; `invalidAt` is where the first byte that is not UTF-8 became U+FFFD. */
export function decodeUtf8(bytes: Buffer): { text: string; invalidAt?: number } {
  const decoded = bytes.toString('utf8')
  const text = decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded
  if (isUtf8(bytes)) return { text }
  const skipped = decoded.length - text.length
  let offset = 0
  let from = 0
  for (let at = decoded.indexOf(REPLACEMENT); at >= 0; at = decoded.indexOf(REPLACEMENT, at + 1)) {
    offset += Buffer.byteLength(decoded.slice(from, at))
    from = at
    // The file may also contain the replacement character itself.
    if (bytes.subarray(offset, offset + 3).toString('latin1') !== '\xEF\xBF\xBD')
      return { text, invalidAt: at - skipped }
  }
  return { text, invalidAt: 0 }
}
