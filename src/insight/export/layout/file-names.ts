import { createHash } from 'node:crypto'

/**
 * All characters except letters, digits, `.`, `_` and `-`, and a dot at the beginning: such files are hidden, and
 * warren does not read them from folders.
 */
const NOT_PLAIN = /[^\p{L}\p{N}._-]|^\./gu
/** In bytes: file systems allow 255, and an extension and a number follow. */
const LONGEST = 200
const HASH_DIGITS = 8

/** A name as part of a path: percent-encoded, and shortened with a hash if it is too long for a file name. */
export function fileNameOf(name: string): string {
  return cutOff(
    name.replace(NOT_PLAIN, (each) => percentEncode(each)),
    name,
  )
}

/** Shortens a string that is too long for the name of a file or a project; a hash keeps it unique. */
export function cutOff(text: string, hashed = text, longest = LONGEST): string {
  if (Buffer.byteLength(text) <= longest) return text
  const hash = createHash('sha256').update(hashed).digest('hex').slice(0, HASH_DIGITS)
  let cut = text
  while (Buffer.byteLength(cut) > longest) cut = cut.slice(0, -1)
  return `${cut.replace(/(?:%[0-9A-F]?|[\uD800-\uDBFF])$/, '')}-${hash}`
}

function percentEncode(text: string): string {
  return Buffer.from(text, 'utf8').reduce(
    (encoded, byte) => encoded + '%' + byte.toString(16).toUpperCase().padStart(2, '0'),
    '',
  )
}

/** Makes names distinct, also on file systems that ignore case: `a`, `A-2`. */
export class DistinctNames {
  readonly #given = new Map<string, string>()
  readonly #taken = new Set<string>()
  readonly #separator: string

  /**
   * @param taken names that are reserved
   * @param separator the text before a number
   */
  constructor(taken: Iterable<string> = [], separator = '-') {
    this.#separator = separator
    for (const each of taken) this.#taken.add(foldCase(each))
  }

  /** Returns the same name for the same key. */
  of(key: string, name: string): string {
    const known = this.#given.get(key)
    if (known !== undefined) return known
    let distinct = name
    for (let number = 2; this.#taken.has(foldCase(distinct)); number++) distinct = `${name}${this.#separator}${number}`
    this.#taken.add(foldCase(distinct))
    this.#given.set(key, distinct)
    return distinct
  }
}

function foldCase(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase()
}
