import { escapeName } from '../address.ts'
import { KINDS } from '../topology.ts'
import { Secret } from './secret.ts'
import { derivedFrom, formsOfText, numbersOf } from './secret-forms.ts'
import { TextMatcher, type TextRange } from './text-matcher.ts'
import {
  credentialRangesIn,
  credentialRangesInValue,
  credentialsIn,
  isSecretKey,
} from '../../diagnostics/credentials/uri-credentials.ts'
import { isTable } from '../values/table.ts'

/** The replacement of a secret in every output. */
export const MASK = '(secret)'
/** A shorter secret is masked only as a complete value: otherwise every "a" would be masked. */
const SHORTEST_PART = 4

/** Words that the outputs themselves use. A password that equals one of them is masked only as a complete value. */
const VOCABULARY = new Set([
  ...KINDS,
  ...'action address after before blocks blocked bindings binding changes create created default delete deleted digest direct'.split(
    ' ',
  ),
  ...'done durable error events exchange exchanges failed false fanout found guest headers host http https amqp amqps'.split(
    ' ',
  ),
  ...'message messages name none null password passwords path plan policy project queue queues quorum rabbit rabbitmq'.split(
    ' ',
  ),
  ...'reason rename replace report secret secrets skipped status stream text topic topology true type undefined update'.split(
    ' ',
  ),
  ...'user users value vhost vhosts warning warren classic format'.split(' '),
  ...'administrator impersonator management monitoring policymaker owner owned adopted protected'.split(' '),
])

/** A key whose name means a secret, with the separator before its value. */
const BEFORE_VALUE = /(?:password|passwd|passphrase|secret|token|hash|pwd|credential)s?["']?\s*(?:[:=]|->|is)\s*["']?$/i
const AUTHORIZATION = /\b(?:Basic|Bearer)\s+[\w+/=.~-]{6,}/gi
const LONGEST_CONTEXT = 40
const DIGITS = /^\d+$/

/**
 * All secrets of one run, and the only place that masks them.
 *
 * Code that reads a secret registers it: the loader, the reader of the live broker, and the reader of connection
 * options. All output of the process goes through `mask` before it is shortened.
 */
export class SecretRegistry {
  readonly #texts = new Set<string>()
  /** The texts that are values of declared objects. */
  readonly #declared = new Set<string>()
  /** The numbers into which a declaration converts these texts. */
  readonly #numbers = new Set<number>()
  readonly #names = new Set<string>()
  /** The texts that are masked everywhere. */
  #parts = new TextMatcher()
  #unencoded: string[] = []
  /** The texts whose encoded forms are in `#parts`, or will be. */
  readonly #encoded = new Set<string>()
  /** The texts that are masked only as a complete value. */
  readonly #short = new Set<string>()

  /** The registered texts, without their encoded forms. */
  get size(): number {
    return this.#texts.size
  }

  /** Registers a secret in all of its forms. Ignores an empty text. */
  add(secret: Secret | string): void {
    const text = typeof secret === 'string' ? secret : secret.reveal()
    if (text === '' || text === MASK || this.#texts.has(text)) return
    this.#texts.add(text)
    for (const derived of derivedFrom(text)) this.#addForms(derived)
    this.#addForms(text)
    for (const part of credentialsIn(text)) this.add(part)
  }

  /**
   * Registers a secret from `${file:}` in the value of a declared object. As a value, it is masked even if it equals
   * a name, and so are the numbers into which a declaration converts it.
   */
  addDeclared(secret: Secret | string): void {
    const text = typeof secret === 'string' ? secret : secret.reveal()
    if (text === '') return
    this.add(text)
    for (const each of [text, ...derivedFrom(text)]) this.#declared.add(each)
    for (const number of numbersOf(text)) this.#numbers.add(number)
  }

  /** Registers the login of a broker: its password, and its encoding in the `Authorization` header. */
  addLogin(user: string, password: Secret | string): void {
    const text = typeof password === 'string' ? password : password.reveal()
    if (user !== '') this.addNames([user])
    this.add(text)
    if (user !== '' && text !== '') this.#addForms(`${user}:${text}`)
  }

  /** Reverses `addLogin`, because a process that runs for years gets a new token every hour. */
  forgetLogin(user: string, password: string): void {
    this.#texts.delete(password)
    for (const text of [password, ...derivedFrom(password), `${user}:${password}`]) this.#encoded.delete(text)
    this.#parts = new TextMatcher()
    this.#unencoded = [...this.#encoded]
  }

  /**
   * Registers the secrets in plain data: `Secret` values, logins in URIs, and the texts of keys whose names mean a
   * secret.
   *
   * @param isSecret whether all texts in it are secrets
   */
  addFrom(value: unknown, isSecret = false): void {
    if (value instanceof Secret) this.add(value)
    else if (typeof value === 'string') {
      if (isSecret) this.add(value)
      else for (const text of credentialsIn(value)) this.add(text)
    } else if (typeof value === 'number' && isSecret) this.add(String(value))
    else if (Array.isArray(value)) for (const each of value) this.addFrom(each, isSecret)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) {
        // A table below such a key, such as users called "secret", has its own keys.
        this.addFrom(each, isSecretKey(key) && !isTable(each))
      }
    }
  }

  /** Registers a name: a secret that equals it is masked only as a complete value. */
  addName(name: string): void {
    if (!this.#names.has(name)) this.#names.add(name).add(escapeName(name))
  }

  /** Registers names: see `addName`. */
  addNames(names: Iterable<string>): void {
    for (const name of names) this.addName(name)
  }

  /** Masks every secret in a string, in time linear in its length. */
  mask(text: string): string {
    return masked(text, this.#secretsIn(text))
  }

  /** Masks a string that is a complete value: this includes short secrets, and secrets that equal a name. */
  maskValue(text: string): string {
    if (this.#texts.has(text) || this.#short.has(text)) return MASK
    return masked(text, [...this.#secretsIn(text), ...credentialRangesInValue(text)])
  }

  /** Whether a string is a name or a word of the outputs, so that it reveals nothing about a secret that equals it. */
  isName(text: string): boolean {
    return this.#names.has(text) || VOCABULARY.has(text)
  }

  /** Whether a string is a complete secret. */
  isSecret(text: string): boolean {
    return this.#texts.has(text)
  }

  /** Whether a string came from `${file:}`, or was derived from such a string. */
  isDeclared(text: string): boolean {
    return this.#declared.has(text)
  }

  /**
   * Encodes the secrets that were registered since the last call of `mask`. In most runs, no secret ever needs
   * masking.
   */
  #encode(): void {
    for (const text of this.#unencoded.splice(0)) {
      for (const form of formsOfText(text)) if (form.length >= SHORTEST_PART) this.#parts.add(form)
    }
  }

  #secretsIn(text: string): TextRange[] {
    this.#encode()
    return [
      ...this.#parts.findIn(text).filter((range) => this.#isMasked(text, range)),
      ...this.#shortValuesIn(text),
      ...credentialRangesIn(text),
      ...authorizationsIn(text),
    ]
  }

  #isMasked(text: string, { start, end }: TextRange): boolean {
    const found = text.slice(start, end)
    if (DIGITS.test(found)) return !DIGITS.test(text[start - 1] ?? '') && !DIGITS.test(text[end] ?? '')
    const isName = this.isName(found) || this.#names.has(wordAround(text, start, end))
    return !isName || BEFORE_VALUE.test(text.slice(Math.max(0, start - LONGEST_CONTEXT), start))
  }

  /** Whether a number was derived from a secret, such as 5000 from `5s`. */
  revealsNumber(number: number): boolean {
    return this.#numbers.has(number)
  }

  #addForms(text: string): void {
    if (text.length < SHORTEST_PART) {
      this.#short.add(text)
      return
    }
    if (this.#encoded.has(text)) return
    this.#encoded.add(text)
    this.#unencoded.push(text)
  }

  /** Finds short secrets in quotes, or after a key whose name means a secret. */
  #shortValuesIn(text: string): TextRange[] {
    if (this.#short.size === 0) return []
    const ranges: TextRange[] = []
    for (const { index, 0: word } of text.matchAll(/[^\s"',;=()[\]{}]+/g)) {
      const end = index + word.length
      if (!this.#short.has(word)) continue
      const isQuoted = text[index - 1] === '"' && text[end] === '"' && text[end + 1] !== ':'
      if (isQuoted || BEFORE_VALUE.test(text.slice(Math.max(0, index - LONGEST_CONTEXT), index)))
        ranges.push({ start: index, end })
    }
    return ranges
  }
}

/** The longest name that a broker accepts. */
const LONGEST_NAME = 255

/** The part of an address, or the word of a string, that contains a range. */
function wordAround(text: string, start: number, end: number): string {
  const before = /[\p{L}\p{N}._:=+@,%-]*$/u.exec(text.slice(Math.max(0, start - LONGEST_NAME), start))?.[0] ?? ''
  const after = /^[\p{L}\p{N}._:=+@,%-]*/u.exec(text.slice(end, end + LONGEST_NAME))?.[0] ?? ''
  return before + text.slice(start, end) + after
}

function authorizationsIn(text: string): TextRange[] {
  return [...text.matchAll(AUTHORIZATION)].map(({ index, 0: whole }) => {
    const scheme = /^\w+\s+/.exec(whole)?.[0].length ?? 0
    return { start: index + scheme, end: index + whole.length }
  })
}

function masked(text: string, ranges: readonly TextRange[]): string {
  if (ranges.length === 0) return text
  let shown = ''
  let from = 0
  let open: TextRange | undefined
  const close = () => {
    if (open === undefined) return
    shown += text.slice(from, open.start) + MASK
    from = open.end
  }
  for (const range of ranges.toSorted((one, other) => one.start - other.start)) {
    if (isWithinMask(text, range)) continue
    if (open !== undefined && range.start < open.end) {
      open = { start: open.start, end: Math.max(open.end, range.end) }
      continue
    }
    close()
    open = range
  }
  close()
  return shown + text.slice(from)
}

/** Whether a range is already masked. */
function isWithinMask(text: string, { start, end }: TextRange): boolean {
  if (end - start > MASK.length) return false
  const around = Math.max(0, start - MASK.length + 1)
  const at = text.slice(around, end + MASK.length - 1).indexOf(MASK)
  return at >= 0 && around + at <= start && end <= around + at + MASK.length
}
