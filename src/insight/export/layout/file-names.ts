import { createHash } from 'node:crypto'

/** Letters and digits of any script; a dot is encoded at the beginning, since such files are hidden and not read from folders. */
const NOT_PLAIN = /[^\p{L}\p{N}._-]|^\./gu
/** In bytes: file systems take 255, and an ending and a number follow. */
const LONGEST = 200
const HASH_DIGITS = 8

/** A name as part of a path: percent-encoded, and cut off with a hash where it is too long for a file. */
export function fileNameOf(name: string): string {
  return cutOff(
    name.replace(NOT_PLAIN, (each) => percentEncode(each)),
    name,
  )
}

/** A text that ends with a hash where it would be too long for the name of a file or a project. */
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

/** Gives each name one that differs from the others on file systems that ignore case, too: `a`, `A-2`. */
export class DistinctNames {
  readonly #given = new Map<string, string>()
  readonly #taken = new Set<string>()
  readonly #separator: string

  /**
   * @param taken names that are given to nothing else
   * @param separator stands before a number
   */
  constructor(taken: Iterable<string> = [], separator = '-') {
    this.#separator = separator
    for (const each of taken) this.#taken.add(foldCase(each))
  }

  /** The same name for the same key. */
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
