/** Texts that `io_lib` prints without quotes: a binary as bytes or text, and a (nested) list of numbers. */
const BINARY_OF_BYTES = /<<(\d{1,3}(?:,\s?\d{1,3})*)>>/g
const BINARY_OF_TEXT = /<<("(?:[^"\\]|\\.)*")(?:\/utf8)?>>/g
const LIST_OF_NUMBERS = /\[[\d,\s[\]]*\]/g
/** A shorter list of numbers within a string may really be a list of numbers. */
const SHORTEST_LIST = 4
const UNPRINTABLE = /[^\P{C}\t\n\r\u200B-\u200F]/u
const ASCII = /[ -~]/g
/** Erlang terms in a reason are flat; deeper ones are shown unchanged. */
const MAXIMUM_DEPTH = 50

/**
 * Decodes Erlang terms in a broker's reason: lists of character codes, also nested and with texts
 * (`[40,120,[97,98]]`), and within a string also binaries (`<<103,101>>`).
 *
 * @param value parsed JSON
 */
export function decodeErlang(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return decodeErlangText(value)
  if (typeof value !== 'object' || value === null || depth > MAXIMUM_DEPTH) return value
  if (!Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decodeErlang(each, depth + 1)]))
  }
  return textOf(value, depth) ?? value.map((each) => decodeErlang(each, depth + 1))
}

/** Decodes Erlang terms in a string, such as the reason for closing a channel. Decoded parts are quoted. */
export function decodeErlangText(text: string): string {
  return text
    .replaceAll(BINARY_OF_TEXT, '$1')
    .replaceAll(BINARY_OF_BYTES, (whole, codes: string) => quoted(textOfBytes(codes.split(',').map(Number))) ?? whole)
    .replaceAll(LIST_OF_NUMBERS, (whole) => quoted(textOfList(whole)) ?? whole)
}

function quoted(text: string | undefined): string | undefined {
  return text === undefined ? undefined : JSON.stringify(text)
}

/** The text of an Erlang list; undefined if it is a list of something else. */
function textOf(list: readonly unknown[], depth: number): string | undefined {
  if (depth > MAXIMUM_DEPTH || !list.some((each) => typeof each === 'number')) return undefined
  let text = ''
  for (const each of list) {
    const part = Array.isArray(each) && each.length > 0 ? textOf(each, depth + 1) : characterOf(each)
    if (part === undefined) return undefined
    text += part
  }
  return text
}

function characterOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return ''
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0x10_ff_ff) return undefined
  const character = String.fromCodePoint(value)
  return UNPRINTABLE.test(character) ? undefined : character
}

function textOfBytes(bytes: readonly number[]): string | undefined {
  if (bytes.some((byte) => byte > 0xff)) return undefined
  const text = Buffer.from(bytes).toString('utf8')
  return text.includes('\uFFFD') || UNPRINTABLE.test(text) ? undefined : text
}

function textOfList(written: string): string | undefined {
  let list: unknown
  try {
    list = JSON.parse(written)
  } catch {
    return undefined
  }
  const text = Array.isArray(list) ? textOf(list, 0) : undefined
  const isText =
    text !== undefined && text.length >= SHORTEST_LIST && (text.match(ASCII)?.length ?? 0) * 2 >= text.length
  return isText ? text : undefined
}
