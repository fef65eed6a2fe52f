import { finding, type Finding } from '../../../diagnostics/findings/finding.ts'
import type { SourceText } from '../source-text.ts'

/** The token that was expected where a string stops being JSON. */
export type Expected = 'key' | 'colon' | 'value' | 'comma' | 'entry' | 'quote' | 'end'

interface Explanation {
  readonly problem: string
  readonly hint: string
}

const EXPLANATIONS: Readonly<Record<Expected, Explanation>> = {
  key: { problem: 'a key in double quotes is missing here', hint: 'write "key": value' },
  colon: { problem: 'a colon is missing after the key', hint: 'write "key": value' },
  value: {
    problem: 'a value is missing here',
    hint: 'write a string in double quotes, a number, true, false, null, a list or a table',
  },
  comma: { problem: 'a comma is missing before this', hint: 'separate entries by commas, or close the bracket before' },
  entry: { problem: 'an entry is missing after this comma', hint: 'remove the comma, or write the entry' },
  quote: {
    problem: 'this text is not closed, or contains characters that JSON does not allow within quotes',
    hint: 'end it with a double quote, and write line breaks, tabs and backslashes as \\n, \\t and \\\\',
  },
  end: {
    problem: 'something follows the end of the JSON',
    hint: 'write one table into a file; several documents can be written in YAML, separated by ---',
  },
}

const COMMENT: Explanation = {
  problem: 'JSON has no comments',
  hint: 'remove it, or write the file in YAML, where # begins a comment',
}
const SINGLE_QUOTE: Explanation = {
  problem: 'JSON puts keys and texts into double quotes',
  hint: 'write " instead of the single quotes',
}
const CUT_OFF: Explanation = {
  problem: 'the file ends before this is closed',
  hint: 'close it, or check whether the file was written completely',
}
const EMPTY_END: Explanation = {
  problem: 'the file ends where a value is missing',
  hint: 'check whether the file was written completely',
}

/**
 * Explains why a string stops being JSON.
 *
 * @param at the offset where it stops
 * @param openedAt the offset of the table or list that lacks a comma or an end
 */
export function jsonProblem(source: SourceText, at: number, expected: Expected, openedAt?: number): Finding {
  const { text } = source
  if (at >= text.length) {
    if (openedAt !== undefined) return problemAt(source, openedAt, CUT_OFF)
    return problemAt(source, Math.max(0, text.trimEnd().length - 1), EMPTY_END)
  }
  const isComment = text.startsWith('//', at) || text.startsWith('/*', at) || text[at] === '#'
  if (isComment) return problemAt(source, at, COMMENT)
  return problemAt(source, at, text[at] === "'" ? SINGLE_QUOTE : EXPLANATIONS[expected])
}

function problemAt(source: SourceText, at: number, { problem, hint }: Explanation): Finding {
  return finding('json-syntax', { problem, hint }, source.locate(at, at + 1))
}
