import type { Permission } from '../../../../model/topology.ts'
import { about, type Rule } from '../../rule.ts'

const RIGHTS = ['configure', 'write', 'read'] as const

export const permissionNotAnchored: Rule = {
  id: 'permission-not-anchored',
  group: 'rights',
  severity: 'warning',
  meaning: 'The regular expression of a permission does not begin with `^`, so it matches every name that contains it.',
  remedy: 'Begin each alternative of the expression with `^`, and end it with `$`.',
  *check({ topology }) {
    for (const permission of topology.permissions) {
      for (const right of RIGHTS) {
        const alternative = unanchored(permission, right)
        if (alternative === undefined) continue
        yield about(
          'permission',
          permission,
          `the ${right} permission ${JSON.stringify(permission[right])} of user "${permission.user}" matches every name that contains ${JSON.stringify(alternative)}`,
          QUOTES.test(alternative)
            ? 'leave out the quotes, which are part of the expression: an empty text grants nothing'
            : 'begin each alternative with ^ and end it with $',
        )
      }
    }
  },
}

/** An empty text in the quotes of a shell, which are not part of an expression there. */
const QUOTES = /^(?:''|"")$/

/** Finds the first alternative that neither begins with `^` nor explicitly allows any beginning. */
function unanchored({ external, ...rights }: Permission, right: (typeof RIGHTS)[number]): string | undefined {
  const pattern = rights[right]
  if (external || pattern === '' || isWholeGroup(pattern)) return undefined
  return alternativesOf(pattern).find((each) => !/^(?:\^|\.[*+]|\(\?|\\A)/.test(each))
}

/** `^(a|b)$` is one alternative. The inside of `(^a$|^b$)` is not examined. */
function isWholeGroup(pattern: string): boolean {
  return pattern.startsWith('(')
}

/** Splits an expression at each `|` outside groups and classes. */
function alternativesOf(pattern: string): readonly string[] {
  const found: string[] = []
  let depth = 0
  let inClass = false
  let start = 0
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at]
    if (character === '\\') at += 1
    else if (inClass) inClass = character !== ']'
    else if (character === '[') inClass = true
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if (character === '|' && depth === 0) {
      found.push(pattern.slice(start, at))
      start = at + 1
    }
  }
  return [...found, pattern.slice(start)]
}
