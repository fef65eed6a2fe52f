import { escapeName } from '../address.ts'
import { durationLabel, parseDuration } from '../values/duration.ts'
import { parseSize } from '../values/size.ts'

const NUMBER = /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i
const SECOND = 1_000
const SPECIAL_IN_PATTERN = /[\\^$.|?*+()[\]{}]/g
/** A shorter line of a multi-line secret, such as one with a bracket, may occur in any text. */
const SHORTEST_LINE = 8
/** A shorter part in base64 may occur in any text. */
const SHORTEST_BASE64 = 6

/** The numbers into which a declaration converts a string: `5s` is stored as 5000. */
export function numbersOf(text: string): number[] {
  const measures = [NUMBER.test(text) ? Number(text) : undefined, parseDuration(text), parseSize(text)]
  return [...new Set(measures.filter((each) => each !== undefined && Number.isFinite(each)))] as number[]
}

/** Other forms of a number, a duration or a size in declarations and messages: `300s` becomes `5m`. */
export function derivedFrom(text: string): string[] {
  const duration = parseDuration(text)
  const labels =
    duration === undefined || !Number.isFinite(duration)
      ? []
      : [durationLabel(duration), `${duration / SECOND}s`, `${duration}ms`]
  return [...new Set([...numbersOf(text).map(String), ...labels])].filter((each) => each !== text)
}

/**
 * All texts in which a secret may occur in an output: unchanged, encoded by URIs, JSON, base64, regular expressions,
 * HTML, shells and Erlang, and as character codes in Erlang.
 */
export function formsOfText(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const parts = lines.length > 1 ? lines.filter((line) => line.length >= SHORTEST_LINE) : []
  return [...new Set([text, ...parts].flatMap(encodingsOf))].filter((form) => form !== '')
}

/** Letters, digits and other characters that most encodings do not change. */
const PLAIN = /^[\w-]+$/
/** The characters that JSON does not escape. */
const PLAIN_IN_JSON = /^[ !#-.0-[\]-~]+$/

function encodingsOf(text: string): string[] {
  if (PLAIN.test(text)) return [text, ...base64(text), ...characterCodes(text)]
  const once = [
    text,
    text.replace(SPECIAL_IN_PATTERN, '\\$&'),
    text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim(),
    htmlEscaped(text),
    text.replaceAll("'", `'\\''`),
    text.replaceAll("'", "''"),
    ...erlangEscaped(text),
    asLatin1(text),
  ]
  const inJson = [...new Set(once)].flatMap(jsonEscaped)
  // A message that contains JSON occurs in a report, which is JSON itself.
  const twice = [...new Set(inJson)].flatMap(jsonEscaped)
  // The address of a binding contains its arguments.
  const inAddress = jsonEscaped(text).map(escapeName)
  return [...once, ...inJson, ...twice, ...inAddress, ...percentEncoded(text), ...base64(text), ...characterCodes(text)]
}

function htmlEscaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** The form in which `io_lib` prints a string (`~p`), with characters outside Latin-1 unchanged or as `\x{…}`. */
function erlangEscaped(text: string): string[] {
  const names: Readonly<Record<string, string>> = {
    '\\': '\\\\',
    '"': '\\"',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\v': '\\v',
    '\u001B': '\\e',
    '\u007F': '\\d',
  }
  const escaped = text.replaceAll(/[\\"\p{Cc}]/gu, (each) => names[each] ?? `\\${octal(each)}`)
  return [escaped, escaped.replaceAll(/[^\0-\u00FF]/gu, (each) => `\\x{${hexadecimal(each).toUpperCase()}}`)]
}

/** The bytes of UTF-8, each read as one character, like Erlang's lists. */
function asLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

function octal(character: string): string {
  return character.charCodeAt(0).toString(8).padStart(3, '0')
}

function hexadecimal(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16)
}

function jsonEscaped(text: string): string[] {
  if (PLAIN_IN_JSON.test(text)) return text.includes('/') ? [text, text.replaceAll('/', '\\/')] : [text]
  const json = JSON.stringify(text).slice(1, -1)
  const ascii = (shown: (unit: string) => string) =>
    json.replaceAll(/[^\x20-\x7E]/g, (unit) => `\\u${shown(hexadecimal(unit).padStart(4, '0'))}`)
  return [
    json,
    json.replaceAll('/', '\\/'),
    ascii((digits) => digits),
    ascii((digits) => digits.toUpperCase()),
    // The form in which a plan shows quoted text.
    json.replaceAll(/[\p{Cf}\p{Zl}\p{Zp}]/gu, (each) =>
      each
        .split('')
        .map((unit) => `\\u${hexadecimal(unit).padStart(4, '0')}`)
        .join(''),
    ),
  ]
}

function percentEncoded(text: string): string[] {
  // A unpaired surrogate cannot be encoded in UTF-8.
  const wellFormed = Buffer.from(text, 'utf8').toString('utf8')
  const strict = encodeURIComponent(wellFormed)
  const whole = strict.replaceAll(/[!'()*]/g, (each) => `%${hexadecimal(each).toUpperCase()}`)
  const forms = [...new Set([strict, whole, escapeName(text), encodeURI(wellFormed), inUserInfo(text)])]
  const spaces = text.includes(' ') ? forms.map((form) => form.replaceAll('%20', '+')) : []
  return [...forms, ...spaces].flatMap((form) => [form, form.replaceAll(/%[0-9A-F]{2}/g, (each) => each.toLowerCase())])
}

/** The form of a password in a URL. */
function inUserInfo(text: string): string {
  const url = new URL('amqp://host')
  url.password = text
  return url.password
}

function base64(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8')
  // Within a longer text, it may begin at any of three offsets; characters that also depend on its neighbors are cut
  // off.
  const inside = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes])
    const first = offset === 0 ? 0 : offset + 1
    return padded.toString('base64').slice(first, Math.floor((padded.length * 8) / 6))
  })
  const forms = inside.filter((form) => form.length >= SHORTEST_BASE64)
  const urlSafe = forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))
  return [...forms, ...urlSafe, bytes.toString('hex'), bytes.toString('hex').toUpperCase()]
}

/** Lists of character codes and binaries in the notations of Erlang and JSON. */
function characterCodes(text: string): string[] {
  const points = Array.from(text, (each) => each.codePointAt(0) ?? 0)
  const bytes = [...Buffer.from(text, 'utf8')]
  return [points, bytes].flatMap((codes) => [codes.join(','), codes.join(', '), codes.join(' ')])
}
