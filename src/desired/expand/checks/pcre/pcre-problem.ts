import { posixEnd, readClass } from './character-class.ts'
import { readEscape } from './escapes.ts'
import { ExpressionText, Refused, Undecided } from './expression-text.ts'
import { type GroupReference, type Opening, readOpening } from './groups.ts'

const LARGEST_COUNT = 65_535
const QUANTIFIER = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})[+?]?/y
/** The form of a count that newer versions read as a count, and older ones as text. */
const NEW_COUNT = /\{[ \t]*\d*[ \t]*,?[ \t]*\d*[ \t]*\}/y
/** Settings of the whole expression, some of which change what everything else means. */
const SETTINGS = /^\(\*(?:UTF|UCP|CR|LF|ANY|BSR|NUL|NO_|LIMIT|NOTEMPTY|CASELESS|TURKISH)/

/** A group that is open. */
interface OpenGroup {
  /** Whether repetitions have to have a limit: within a lookbehind, except for lookaheads in it. */
  readonly isLimited: boolean
  readonly isExtended: boolean
  /** Absent where any number is possible. */
  readonly mostBranches?: number
  branches: number
}

/**
 * Says why every PCRE version in RabbitMQ 3.10 to 4.3 refuses an expression. Undefined if one of them accepts it, or may
 * accept it.
 */
export function pcreProblem(expression: string): string | undefined {
  if (SETTINGS.test(expression)) return undefined
  try {
    new ExpressionReader(expression).read()
    return undefined
  } catch (error) {
    if (error instanceof Undecided) return undefined
    if (error instanceof Refused) return Buffer.from(error.message, 'latin1').toString('utf8')
    throw error
  }
}

class ExpressionReader {
  readonly #text: ExpressionText
  readonly #open: OpenGroup[] = []
  readonly #references: GroupReference[] = []
  readonly #names = new Set<string>()
  #groups = 0
  /** Whether groups may share numbers or names, or may not be counted. */
  #sharesGroups = false
  #isExtended = false
  /** Whether a quantifier may follow. */
  #mayRepeat = false

  constructor(expression: string) {
    this.#text = new ExpressionText(expression)
  }

  read(): void {
    while (!this.#text.isAtEnd) this.#readItem()
    if (this.#open.length > 0) throw new Refused('a group that begins with "(" does not end')
    for (const each of this.#references) this.#checkReference(each)
  }

  #readItem(): void {
    const text = this.#text
    if (this.#isExtended && text.take(/[\t\n\v\f\r ]+|#[^\n]*\n?/y)) return
    const quantifier = text.take(QUANTIFIER)
    if (quantifier) return this.#quantify(quantifier)
    if (text.take(NEW_COUNT)) return void (this.#mayRepeat = true)
    if (posixEnd(text.text, text.at) !== undefined) {
      throw new Refused('a POSIX class has a meaning within a character class only, such as [[:alpha:]]')
    }
    const character = text.peek()
    text.at += 1
    switch (character) {
      case '\\':
        return this.#escape()
      case '[':
        readClass(text)
        return void (this.#mayRepeat = true)
      case '(':
        return this.#begin(readOpening(text))
      case ')':
        return this.#end()
      case '|':
        return this.#branch()
      case '^':
      case '$':
        return void (this.#mayRepeat = false)
      default:
        this.#mayRepeat = true
    }
  }

  #quantify([written, least, comma, most]: RegExpExecArray): void {
    if (!this.#mayRepeat) throw new Refused(`the quantifier "${written}" has nothing to repeat`)
    if (Number(least ?? 0) > LARGEST_COUNT || Number(most ?? 0) > LARGEST_COUNT) {
      throw new Refused(`"${written}" repeats more than ${LARGEST_COUNT} times`)
    }
    if (most !== undefined && most !== '' && Number(least) > Number(most)) {
      throw new Refused(`the numbers in "${written}" are out of order`)
    }
    const isUnlimited = least === undefined ? !written.startsWith('?') : comma !== undefined && most === ''
    if (isUnlimited && this.#open.at(-1)?.isLimited === true) {
      throw new Refused(`"${written}" repeats without a limit within a lookbehind`)
    }
    // In extended mode, spaces may separate the sign that makes it possessive or lazy.
    if (this.#isExtended && !/[+?]$/.test(written.slice(1))) this.#text.take(/(?:[\t\n\v\f\r ]+|#[^\n]*\n?)+[+?]/y)
    this.#mayRepeat = false
  }

  #escape(): void {
    const text = this.#text
    if (text.skip('Q')) {
      const literal = text.takeUntil('\\E') ?? text.takeRest()
      this.#mayRepeat ||= literal !== ''
      return
    }
    if (text.peek() === 'X' && this.#open.at(-1)?.isLimited === true) {
      throw new Refused('"\\X" has no limit within a lookbehind')
    }
    const found = readEscape(text)
    if (found.kind === 'nothing') return
    if (found.kind === 'reference') this.#refer(found.to, found.isBare)
    this.#mayRepeat = found.kind !== 'assertion'
  }

  #refer(to: string, isBare = false): void {
    this.#references.push({ to, after: this.#groups, isBare })
  }

  #begin(opening: Opening): void {
    switch (opening.kind) {
      case 'comment':
        return
      case 'callout':
      case 'accept':
        // Some versions repeat them.
        return void (this.#mayRepeat = true)
      case 'verb':
        return void (this.#mayRepeat = false)
      case 'reference':
        this.#refer(opening.to)
        return void (this.#mayRepeat = true)
      case 'options':
        return this.#setOptions(opening)
      case 'condition':
        if (opening.to !== undefined) this.#refer(opening.to)
        return this.#push({ mostBranches: opening.mostBranches })
      case 'group':
        if (opening.captures) this.#capture(opening.name)
        if (opening.shares) this.#sharesGroups = true
        return this.#push({ ...(opening.look && { isLimited: opening.look === 'behind' }) })
    }
  }

  #setOptions({ on, off, opens }: Extract<Opening, { kind: 'options' }>): void {
    if (opens) this.#push({})
    if (/[Jn]/.test(on)) this.#sharesGroups = true
    if (off.includes('x')) this.#isExtended = false
    else if (on.includes('x')) this.#isExtended = true
    this.#mayRepeat = false
  }

  #capture(name: string | undefined): void {
    this.#groups += 1
    if (name === undefined) return
    if (this.#names.has(name) && !this.#sharesGroups) throw new Refused(`two groups have the name "${name}"`)
    this.#names.add(name)
  }

  #push(group: Partial<OpenGroup>): void {
    const isLimited = this.#open.at(-1)?.isLimited ?? false
    this.#open.push({ isLimited, isExtended: this.#isExtended, branches: 1, ...group })
    this.#mayRepeat = false
  }

  #end(): void {
    const closed = this.#open.pop()
    if (closed === undefined) throw new Refused('")" ends no group')
    this.#isExtended = closed.isExtended
    this.#mayRepeat = true
  }

  #branch(): void {
    const group = this.#open.at(-1)
    if (group !== undefined) {
      group.branches += 1
      if (group.mostBranches !== undefined && group.branches > group.mostBranches) {
        throw new Refused('a condition has too many branches')
      }
    }
    this.#mayRepeat = false
  }

  #checkReference({ to, after, isBare }: GroupReference): void {
    const [, sign, digits] = /^([-+]?)(\d+)$/.exec(to) ?? []
    if (digits === undefined) {
      if (!this.#names.has(to)) throw new Refused(`there is no group with the name "${to}"`)
      return
    }
    const number = Number(digits)
    // Old versions do not support such large counts, and read them differently.
    if (number > LARGEST_COUNT) return
    if (isBare === true && number > this.#groups && (digits.length > 1 || number > 7)) return checkByte(digits)
    if (sign !== '' && this.#sharesGroups) return
    if (sign === '-' ? number > after : number + (sign === '+' ? after : 0) > this.#groups) {
      throw new Refused(`there is no group ${to}`)
    }
  }
}

/** Checks digits that do not refer to a group: up to three octal digits give a byte. In some versions, `\8` and `\9` are the digits themselves. */
function checkByte(digits: string): void {
  const octal = /^[0-7]{1,3}/.exec(digits)?.[0]
  if (octal !== undefined && Number.parseInt(octal, 8) > 0xff) throw new Refused(`"\\${octal}" is greater than \\377`)
}
