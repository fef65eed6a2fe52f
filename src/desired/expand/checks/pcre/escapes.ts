import { type ExpressionText, Refused, Undecided } from './expression-text.ts'

/**
 * The meaning of an escape: a byte, a class such as `\d`, an assertion such as `\b`, or an item without a length here.
 */
export type Escape =
  | { readonly kind: 'byte'; readonly byte: number }
  | { readonly kind: 'class' | 'assertion' | 'nothing' | 'unknown' }
  /** `isBare`: written as digits alone, which may also mean a byte. */
  | { readonly kind: 'reference'; readonly to: string; readonly isBare?: true }

const ASSERTIONS = 'AGKBbZz'
const CLASSES = 'DdSsWwNCRHhVvX'
const CONTROLS: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }
const LARGEST_BYTE = 0xff
/** A count after an item; the form without a first number is one in newer versions. */
const COUNT = /\{(?:\d+(?:,\d*)?|\s*\d*\s*,?\s*\d*\s*)\}/y

/** Reads what follows a backslash outside a class. */
export function readEscape(text: ExpressionText): Escape {
  const digits = text.take(/[1-9][0-9]*/y)?.[0]
  if (digits !== undefined) return { kind: 'reference', to: digits, isBare: true }
  const letter = text.peek()
  switch (letter) {
    case 'k':
      text.at += 1
      return { kind: 'reference', to: nameIn(text, '\\k') }
    case 'g':
      text.at += 1
      return readGroupEscape(text)
    case 'E':
      text.at += 1
      return { kind: 'nothing' }
    default:
      if (letter !== '' && ASSERTIONS.includes(letter)) {
        text.at += 1
        return { kind: 'assertion' }
      }
      return readEscapedByte(text)
  }
}

/** Reads what follows a backslash, in a class too. */
export function readEscapedByte(text: ExpressionText): Escape {
  if (text.isAtEnd) throw new Refused('it ends with a backslash')
  const letter = text.peek()
  const octal = text.take(/[0-7]{1,3}/y)?.[0]
  if (octal !== undefined) return octalByte(octal)
  text.at += 1
  if (CLASSES.includes(letter)) {
    if (letter === 'N') refuseNamedCharacter(text)
    return { kind: 'class' }
  }
  switch (letter) {
    case 'x':
      return readHex(text)
    case 'o':
      return readOctal(text)
    case 'c':
      return readControl(text)
    case 'p':
    case 'P':
      readProperty(text, letter)
      return { kind: 'class' }
    case 'L':
    case 'l':
    case 'U':
    case 'u':
      throw new Refused(`"\\${letter}" is not known to PCRE`)
    default:
      if (letter in CONTROLS) return { kind: 'byte', byte: CONTROLS[letter] ?? 0 }
      // Some versions read other letters and digits literally, and some refuse them.
      return /[A-Za-z0-9]/.test(letter) ? { kind: 'unknown' } : { kind: 'byte', byte: letter.charCodeAt(0) }
  }
}

function octalByte(digits: string): Escape {
  const byte = Number.parseInt(digits, 8)
  if (byte > LARGEST_BYTE) throw new Refused(`"\\${digits}" is greater than \\377`)
  return { kind: 'byte', byte }
}

function refuseNamedCharacter(text: ExpressionText): void {
  if (text.peek() !== '{') return
  COUNT.lastIndex = text.at
  if (!COUNT.test(text.text)) throw new Refused('"\\N{…}" is not known to PCRE')
}

function readHex(text: ExpressionText): Escape {
  if (text.peek() !== '{') {
    const digits = text.take(/[0-9A-Fa-f]{1,2}/y)?.[0]
    // Without a digit, it is a zero byte in some versions.
    return digits === undefined ? { kind: 'unknown' } : { kind: 'byte', byte: Number.parseInt(digits, 16) }
  }
  const digits = text.take(/\{[ \t]*([0-9A-Fa-f]+)[ \t]*\}/y)?.[1]
  if (digits === undefined) throw new Refused('"\\x{" needs hexadecimal digits and "}"')
  return byteOf(Number.parseInt(digits, 16), `\\x{${digits}}`)
}

function readOctal(text: ExpressionText): Escape {
  const digits = text.take(/\{[ \t]*([0-7]+)[ \t]*\}/y)?.[1]
  if (digits === undefined) throw new Refused('"\\o" needs octal digits in braces')
  return byteOf(Number.parseInt(digits, 8), `\\o{${digits}}`)
}

function byteOf(byte: number, written: string): Escape {
  if (byte > LARGEST_BYTE) throw new Refused(`"${written}" is greater than one byte`)
  return { kind: 'byte', byte }
}

function readControl(text: ExpressionText): Escape {
  const character = text.peek()
  if (character === '' || character > '\u007F') throw new Refused('"\\c" needs an ASCII character')
  text.at += 1
  return { kind: 'byte', byte: character.toUpperCase().charCodeAt(0) ^ 0x40 }
}

const CATEGORIES = new Set(
  'Any L& LC C Cc Cf Cn Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs Xan Xps Xsp Xuc Xwd'.split(
    ' ',
  ),
)

function readProperty(text: ExpressionText, letter: string): void {
  if (text.peek() !== '{') {
    const name = text.take(/[A-Za-z]/y)?.[0]
    if (name === undefined || !CATEGORIES.has(name.toUpperCase())) {
      throw new Refused(`"\\${letter}" needs the name of a property`)
    }
    return
  }
  const name = text.take(/\{[ \t]*\^?[ \t]*([^{}\\]*)\}/y)?.[1]
  if (name === undefined || name.trim() === '') throw new Refused(`"\\${letter}{" needs the name of a property and "}"`)
  if (!isProperty(name)) throw new Refused(`PCRE does not know the property ${JSON.stringify(name)}`)
}

/**
 * Whether some version may know a property: a property of JavaScript in upper or lower case, or a name in a spelling
 * that only PCRE has.
 */
function isProperty(name: string): boolean {
  if (CATEGORIES.has(name) || /[^A-Za-z]/.test(name)) return true
  const spelled = `${name.charAt(0).toUpperCase()}${name.slice(1).toLowerCase()}`
  return [`Script=${name}`, `Script=${spelled}`, name, spelled, name.toUpperCase()].some(isInJavaScript)
}

function isInJavaScript(property: string): boolean {
  try {
    return new RegExp(`\\p{${property}}`, 'u').source !== ''
  } catch {
    return false
  }
}

/** `\g1`, `\g{-1}`, `\g{name}`, and the calls `\g<1>` and `\g'name'`. */
function readGroupEscape(text: ExpressionText): Escape {
  const number = text.take(/[-+]?\d+/y)?.[0]
  if (number !== undefined) return { kind: 'reference', to: notZero(number) }
  if (text.peek() === '{') {
    const to = text.take(/\{[ \t]*([-+]?\d+)[ \t]*\}/y)?.[1]
    return { kind: 'reference', to: to === undefined ? nameIn(text, '\\g') : notZero(to) }
  }
  const [, angled, quoted] = text.take(/<([-+]?\d+)>|'([-+]?\d+)'/y) ?? []
  const called = angled ?? quoted
  if (called !== undefined) return { kind: 'reference', to: called }
  return { kind: 'reference', to: nameIn(text, '\\g') }
}

function notZero(number: string): string {
  if (/^[-+]?0+$/.test(number)) throw new Refused('a reference to the group 0 is not possible')
  return number
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '<': '>', "'": "'" }

/** The name of a group in braces, angle brackets or quotes. */
export function nameIn(text: ExpressionText, before: string): string {
  const close = CLOSING[text.peek()]
  if (close === undefined) throw new Refused(`"${before}" needs the name or the number of a group`)
  const isBraced = close === '}'
  text.at += 1
  return groupName(text, close, isBraced)
}

/** The name of a group, and what closes it. */
export function groupName(text: ExpressionText, close: string, mayHaveSpace = false): string {
  if (mayHaveSpace) text.take(/[ \t]+/y)
  const name = text.take(/[A-Za-z_]\w*/y)?.[0]
  // Letters of other scripts are part of a name in some versions.
  if (text.peek() > '\u007F') throw new Undecided()
  if (name === undefined) throw new Refused('the name of a group begins with a letter or an underscore')
  if (name.length > 128) throw new Refused('the name of a group has more than 128 characters')
  if (mayHaveSpace) text.take(/[ \t]+/y)
  if (!text.skip(close)) throw new Refused(`the name of the group "${name}" does not end`)
  return name
}
