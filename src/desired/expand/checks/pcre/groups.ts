import { groupName } from './escapes.ts'
import { type ExpressionText, Refused, Undecided } from './expression-text.ts'

/** A reference to a group, which has to exist, before or after it. */
export interface GroupReference {
  readonly to: string
  /** The number of groups that begin before it; relative numbers count from there. */
  readonly after: number
  /** Whether it consists only of digits, such as `\10`, which mean a byte if there are fewer groups. */
  readonly isBare?: boolean
}

/** An item that begins with a parenthesis. */
export type Opening =
  | {
      readonly kind: 'group'
      readonly look?: 'ahead' | 'behind'
      readonly name?: string
      readonly captures?: true
      readonly shares?: true
    }
  /** Its branches are counted. */
  | { readonly kind: 'condition'; readonly to?: string; readonly mostBranches: number }
  /** Options that apply to the rest of the surrounding group, or within a group that they open. */
  | { readonly kind: 'options'; readonly on: string; readonly off: string; readonly opens: boolean }
  | { readonly kind: 'reference'; readonly to: string }
  | { readonly kind: 'comment' | 'callout' | 'verb' | 'accept' }

const VERBS = new Set(['MARK', 'ACCEPT', 'COMMIT', 'F', 'FAIL', 'PRUNE', 'SKIP', 'THEN', ''])

/** Reads what follows an opening parenthesis. */
export function readOpening(text: ExpressionText): Opening {
  if (text.peek() === '*') return readVerb(text)
  if (!text.skip('?')) return { kind: 'group', captures: true }
  if (text.skip('#')) {
    if (text.takeUntil(')') === undefined) throw new Refused('a comment does not end')
    return { kind: 'comment' }
  }
  if (text.skip('|')) return { kind: 'group', shares: true }
  if (text.take(/[:>]/y)) return { kind: 'group' }
  const look = text.take(/(<?)[=!]/y)
  if (look) return { kind: 'group', look: look[1] === '<' ? 'behind' : 'ahead' }
  // Newer versions have more kinds of groups.
  if (/^(?:<?\*|\[)/.test(text.peek(2))) throw new Undecided()
  const close = text.take(/P?<|'/y)?.[0]
  if (close !== undefined) return { kind: 'group', captures: true, name: groupName(text, close === "'" ? "'" : '>') }
  if (text.skip('P')) return readPython(text)
  if (text.skip('&')) return { kind: 'reference', to: groupName(text, ')') }
  if (text.skip('(')) return readCondition(text)
  if (text.skip('C')) return readCallout(text)
  return readRecursion(text) ?? readOptions(text)
}

function readVerb(text: ExpressionText): Opening {
  const verb = text.take(/\*([A-Z_]*)(?::[^)]*)?\)/y)
  const name = verb?.[1]
  // Newer versions have assertions with names.
  if (name === undefined && /^\*[a-z]/.test(text.peek(2))) throw new Undecided()
  if (name === undefined || !VERBS.has(name) || (name === '' && verb?.[0] === '*)')) {
    throw new Refused('"(*" is not the beginning of anything that PCRE knows')
  }
  return { kind: name === 'ACCEPT' ? 'accept' : 'verb' }
}

function readPython(text: ExpressionText): Opening {
  if (text.take(/[=>]/y)) return { kind: 'reference', to: groupName(text, ')') }
  throw new Refused('"(?P" is not the beginning of anything that PCRE knows')
}

function readCallout(text: ExpressionText): Opening {
  const number = text.take(/(\d*)\)/y)?.[1]
  if (number === undefined) {
    if (/[`'"^%#${]/.test(text.peek())) throw new Undecided()
    throw new Refused('a callout "(?C" needs a number and ")"')
  }
  if (Number(number) > 255) throw new Refused(`the number of the callout "(?C${number})" is greater than 255`)
  return { kind: 'callout' }
}

function readRecursion(text: ExpressionText): Opening | undefined {
  const called = text.take(/R|[-+]?\d+/y)?.[0]
  if (called === undefined) return undefined
  if (text.peek() === '(') throw new Undecided()
  if (!text.skip(')')) throw new Refused(`"(?${called}" does not end`)
  return { kind: 'reference', to: called === 'R' ? '0' : called }
}

function readOptions(text: ExpressionText): Opening {
  const [, on = '', off = '', end] = text.take(/\^?([A-Za-z]*)(?:-([A-Za-z]*))?([:)])/y) ?? []
  // Each version has all of these or some of them.
  if (end === undefined || /[^imsxnJUXaDSWPTrC]/.test(on + off))
    throw new Refused('"(?" is not the beginning of anything that PCRE knows')
  return { kind: 'options', on, off, opens: end === ':' }
}

function readCondition(text: ExpressionText): Opening {
  if (text.peek() === '?') {
    if (/^\?(?:C|\*|<\*)/.test(text.peek(3))) throw new Undecided()
    if (!/^\?<?[=!]/.test(text.peek(3))) throw new Refused('a condition needs a group, or an assertion')
    // The assertion is read as a group of its own.
    text.at -= 1
    return { kind: 'condition', mostBranches: 2 }
  }
  if (text.peek() === '*') throw new Undecided()
  const written = text.takeUntil(')')
  if (written === undefined) throw new Refused('a condition does not end')
  if (/[^\0-\u007F]/.test(written)) throw new Undecided()
  if (written === 'DEFINE') return { kind: 'condition', mostBranches: 1 }
  if (/^VERSION>?=\d+(?:\.\d+)?$/.test(written)) return { kind: 'condition', mostBranches: 2 }
  if (/^R(?:\d*|&\w+)$/.test(written)) return { kind: 'condition', mostBranches: 2 }
  const [, to] =
    /^([-+]?\d+|[A-Za-z_]\w*)$/.exec(written) ??
    /^<([A-Za-z_]\w*)>$/.exec(written) ??
    /^'([A-Za-z_]\w*)'$/.exec(written) ??
    []
  if (to === undefined || /^[-+]?0+$/.test(to)) throw new Refused('a condition needs a group, or an assertion')
  return { kind: 'condition', to, mostBranches: 2 }
}
