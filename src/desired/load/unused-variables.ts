import { finding, type Finding } from '../../diagnostics/findings/finding.ts'
import { suggest } from '../../diagnostics/text/suggest.ts'
import { consistsOf } from '../../model/names/matches-glob.ts'

/** The name in a `${var:name}`, which may contain other references: `${var:size_${tenant}}`. */
const NAME = /\$\{var:((?:[^{}]|\$\{[^{}]*\})*)\}/g

/**
 * Reports variables to which no file refers: they were probably misspelled, and their values would have no effect.
 *
 * @param names the variables that options give
 * @param texts of all files
 */
export function unusedVariables(names: readonly string[], texts: Iterable<string>): readonly Finding[] {
  if (names.length === 0) return []
  const written = new Set([...texts].flatMap((text) => [...text.matchAll(NAME)].map(([, name = '']) => name)))
  const forms = [...written].map((each) => each.split(OPEN))
  const unused = names.filter((name) => !forms.some((form) => consistsOf(name, form)))
  const candidates = forms.filter(({ length }) => length === 1).flat()
  return unused.map((name) => {
    const suggestion = suggest(name, candidates)
    return finding('variable-unused', { name, ...(suggestion !== undefined && { suggestion }) })
  })
}

/**
 * Parts that may become other text: a reference in the name, a line break of a folded text, and everything after an
 * escape.
 */
const OPEN = /\$\{[^{}]*\}|\s*\n\s*|\\[^]*$/
