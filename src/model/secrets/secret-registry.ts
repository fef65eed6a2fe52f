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

/** Replaces a secret in every output. */
export const MASK = '(secret)'
/** A shorter secret is masked only as a whole value: otherwise every "a" would be masked. */
const SHORTEST_PART = 4

/** Words of the outputs themselves. A password that equals one is masked only as a value. */
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

/** A key that is called like a secret, and what separates it from its value. */
const BEFORE_VALUE = /(?:password|passwd|passphrase|secret|token|hash|pwd|credential)s?["']?\s*(?:[:=]|->|is)\s*["']?$/i
const AUTHORIZATION = /\b(?:Basic|Bearer)\s+[\w+/=.~-]{6,}/gi
const LONGEST_CONTEXT = 40
const DIGITS = /^\d+$/

/**
 * All secrets of one run, and the one place that masks them.
 *
 * Whoever learns a secret registers it: the loader, the reader of the live broker, and what reads the options of a
 * connection. Whatever leaves the process goes through `mask`, before it is cut to a length.
 */
export class SecretRegistry {
  readonly #texts = new Set<string>()
  /** The texts that are values of declared objects. */
  readonly #declared = new Set<string>()
  /** The forms into which a declaration converts these. */
  readonly #numbers = new Set<number>()
  readonly #names = new Set<string>()
  /** The texts that are masked everywhere. */
  #parts = new TextMatcher()
  #unencoded: string[] = []
  /** The texts whose forms are, or will be, among the parts. */
  readonly #encoded = new Set<string>()
  /** The texts that are masked only as a whole value. */
  readonly #short = new Set<string>()

  /** The registered texts, without their encoded forms. */
  get size(): number {
    return this.#texts.size
  }

  /** Registers a secret with all that is derived from it. An empty text is none. */
  add(secret: Secret | string): void {
    const text = typeof secret === 'string' ? secret : secret.reveal()
    if (text === '' || text === MASK || this.#texts.has(text)) return
    this.#texts.add(text)
    for (const derived of derivedFrom(text)) this.#addForms(derived)
    this.#addForms(text)
    for (const part of credentialsIn(text)) this.add(part)
  }

  /**
   * Registers a secret that is the value, or a part of the value, of a declared object: what came from `${file:}`. As a value
   * it is masked even where it equals a name, and so are the numbers that a declaration makes of it.
   */
  addDeclared(secret: Secret | string): void {
    const text = typeof secret === 'string' ? secret : secret.reveal()
    if (text === '') return
    this.add(text)
    for (const each of [text, ...derivedFrom(text)]) this.#declared.add(each)
    for (const number of numbersOf(text)) this.#numbers.add(number)
  }

  /** Registers the login of a broker: its password, and what the `Authorization` header makes of it. */
  addLogin(user: string, password: Secret | string): void {
    const text = typeof password === 'string' ? password : password.reveal()
    if (user !== '') this.addNames([user])
    this.add(text)
    if (user !== '' && text !== '') this.#addForms(`${user}:${text}`)
  }

  /** Takes back `addLogin`: a process that runs for years gets a new token every hour. */
  forgetLogin(user: string, password: string): void {
    this.#texts.delete(password)
    for (const text of [password, ...derivedFrom(password), `${user}:${password}`]) this.#encoded.delete(text)
    this.#parts = new TextMatcher()
    this.#unencoded = [...this.#encoded]
  }

  /**
   * Registers what plain data holds: secrets, logins of URIs, and the texts of keys that are called like secrets.
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
        // A table under such a key, such as users called "secret", has keys of its own.
        this.addFrom(each, isSecretKey(key) && !isTable(each))
      }
    }
  }

  /** Registers a name: a secret that equals it is masked only as a value. */
  addName(name: string): void {
    if (!this.#names.has(name)) this.#names.add(name).add(escapeName(name))
  }

  /** Registers names: see `addName`. */
  addNames(names: Iterable<string>): void {
    for (const name of names) this.addName(name)
  }

  /** The text with every secret in it masked, in time that is linear in its length. */
  mask(text: string): string {
    return masked(text, this.#secretsIn(text))
  }

  /** A text that is a whole value: here a short secret, and one that equals a name, is masked too. */
  maskValue(text: string): string {
    if (this.#texts.has(text) || this.#short.has(text)) return MASK
    return masked(text, [...this.#secretsIn(text), ...credentialRangesInValue(text)])
  }

  /** Whether a text is a name, or a word of the outputs, so that it shows nothing of a secret that equals it. */
  isName(text: string): boolean {
    return this.#names.has(text) || VOCABULARY.has(text)
  }

  /** Whether a text is a secret as a whole. */
  isSecret(text: string): boolean {
    return this.#texts.has(text)
  }

  /** Whether a text came from `${file:}`, or was derived from what did. */
  isDeclared(text: string): boolean {
    return this.#declared.has(text)
  }

  /** Encodes what was registered since the last text was masked: of most runs' secrets nothing is ever shown. */
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

  /** Whether a number came out of a secret, such as 5000 out of `5s`. */
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

  /** Short secrets in quotes, or behind a key that is called like a secret. */
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

/** The longest name that a broker takes. */
const LONGEST_NAME = 255

/** The part of an address, or the word of a text, that contains a range. */
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

/** Whether a range is masked already. */
function isWithinMask(text: string, { start, end }: TextRange): boolean {
  if (end - start > MASK.length) return false
  const around = Math.max(0, start - MASK.length + 1)
  const at = text.slice(around, end + MASK.length - 1).indexOf(MASK)
  return at >= 0 && around + at <= start && end <= around + at + MASK.length
}
