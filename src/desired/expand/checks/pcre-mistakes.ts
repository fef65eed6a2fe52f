const POSIX = 'alpha|lower|upper|alnum|ascii|blank|cntrl|digit|graph|print|punct|space|word|xdigit'
/** A character class with all that belongs to it; a `[` that begins none ends nowhere. */
const CLASS = /\[(?:\^|(?!\^))(?:\]|(?!\]))(?:\\[^]|\[:\^?\w*:\]|(?!\[:\^?\w*:\])[^\]\\])*\]/y
const POSIX_IN_CLASS = /\[:\^?(\w*):\]/g
const POSIX_ALONE = /\[([:.=])\w*\1\]/y
const QUANTIFIER = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})[+?]?/y
/** One escaped item. Its braces are not a quantifier. */
const ESCAPE = /\\(?:[xopPgkN]\{[^}]*\}|[^])/y
/** PCRE takes `\8` and `\9` for literals in some versions. */
const REFERENCE = /\\([1-7])(?!\d)/y
/** JavaScript's `\u0041` and Perl's changes of case. */
const NOT_OF_PCRE = /^\\[LlUu]/
const GROUP = /\((?:\?(<[=!]|[=!]|\|)?)?/y
const LARGEST_COUNT = 65_535

/**
 * Mistakes that PCRE refuses in every version, 3.10 to 4.3, although JavaScript or Oniguruma accept them: repeated
 * quantifiers, counts in the wrong order, unclosed classes, POSIX classes with an unknown name or outside a class,
 * lookbehind without a limit, and references to missing groups. The expression has no syntax that only PCRE knows.
 */
export function pcreMistake(expression: string): string | undefined {
  const lookbehind: boolean[] = []
  const groups = countGroups(expression)
  let afterQuantifier = false
  for (let at = 0; at < expression.length;) {
    const quantifier = matchAt(QUANTIFIER, expression, at)
    if (quantifier) {
      const problem = quantifierMistake(quantifier, afterQuantifier, lookbehind.at(-1) === true)
      if (problem !== undefined) return problem
      at += quantifier[0].length
      afterQuantifier = true
      continue
    }
    afterQuantifier = false
    const reference = matchAt(REFERENCE, expression, at)?.[1]
    if (reference !== undefined && Number(reference) > groups)
      return `"\\${reference}" refers to a group that is not there`
    if (NOT_OF_PCRE.test(expression.slice(at, at + 2))) return `"${expression.slice(at, at + 2)}" is not known to PCRE`
    const part = expression[at] === '[' ? classAt(expression, at) : { length: lengthOf(expression, at) }
    if ('problem' in part) return part.problem
    const group = matchAt(GROUP, expression, at)
    // Limits apply within their group. Repetitions inside a lookahead do not count.
    if (group) lookbehind.push(isLimited(group[1], lookbehind.at(-1) === true))
    else if (expression[at] === ')') lookbehind.pop()
    at += part.length
  }
  return undefined
}

function isLimited(opened: string | undefined, outside: boolean): boolean {
  if (opened === undefined || opened === '|') return outside
  return opened.startsWith('<')
}

function quantifierMistake(
  quantifier: RegExpExecArray,
  afterQuantifier: boolean,
  limited: boolean,
): string | undefined {
  const [text, least, comma, most] = quantifier
  if (afterQuantifier) return `the quantifier "${text}" follows another one`
  if (Number(least ?? 0) > LARGEST_COUNT || Number(most ?? 0) > LARGEST_COUNT) {
    return `"${text}" repeats more than ${LARGEST_COUNT} times`
  }
  if (most !== undefined && most !== '' && Number(least) > Number(most))
    return `the numbers in "${text}" are out of order`
  const unlimited = least === undefined ? !text.startsWith('?') : comma !== undefined && most === ''
  return limited && unlimited ? `"${text}" repeats without a limit within a lookbehind` : undefined
}

function classAt(expression: string, at: number): { readonly length: number } | { readonly problem: string } {
  const alone = matchAt(POSIX_ALONE, expression, at)
  if (alone) return { problem: `"${alone[0]}" has a meaning within a character class only, such as [[:alpha:]]` }
  const found = matchAt(CLASS, expression, at)
  if (!found) return { problem: 'a character class that begins with "[" does not end' }
  const unknown = [...found[0].slice(1).matchAll(POSIX_IN_CLASS)].find(
    ([, name]) => !new RegExp(`^(?:${POSIX})$`).test(name ?? ''),
  )
  return unknown ? { problem: `"${unknown[0]}" is not a POSIX class` } : { length: found[0].length }
}

/** How many characters of the expression are one item, so that an escaped one is not taken for syntax. */
function lengthOf(expression: string, at: number): number {
  if (expression[at] === '\\') return matchAt(ESCAPE, expression, at)?.[0].length ?? 1
  return matchAt(GROUP, expression, at)?.[0].length ?? 1
}

/** The groups that an expression has; where alternatives share a number, more than there are. */
function countGroups(expression: string): number {
  return expression.match(/\((?!\?)|\(\?(?:P?<(?![=!])|')/g)?.length ?? 0
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
