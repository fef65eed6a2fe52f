/** With this number of unbounded parts, a pattern already tries millions of combinations on a long name. */
const MOST_UNBOUNDED = 4

/**
 * Whether a regular expression may take very long on a name: it has a repeated group that contains a repetition or a
 * choice, as in `(a+)+`, or many unbounded repetitions. The broker stops evaluating such an expression; JavaScript
 * would not.
 */
export function mayBacktrack(pattern: string): boolean {
  /** For each open group, whether it contains a repetition or a choice. */
  const groups: boolean[] = []
  let unbounded = 0
  const hold = (): void => {
    if (groups.length > 0) groups[groups.length - 1] = true
  }
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]
    if (character === '\\') at++
    else if (character === '[') at = endOfClass(pattern, at)
    else if (character === '(') groups.push(false)
    else if (character === '|') hold()
    else if (character === ')') {
      const holds = groups.pop() === true
      if (holds && /[*+{]/.test(pattern[at + 1] ?? '')) return true
      if (holds) hold()
    } else if (character === '*' || character === '+' || character === '{') {
      hold()
      if (character !== '{' || /^\{\d*,\}/.test(pattern.slice(at, at + 20))) unbounded++
    }
  }
  return unbounded > MOST_UNBOUNDED
}

function endOfClass(pattern: string, start: number): number {
  let at = start + 1
  if (pattern[at] === '^') at++
  if (pattern[at] === ']') at++
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
  return at
}
