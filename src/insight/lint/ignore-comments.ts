import type { Location } from '../../diagnostics/location.ts'

/** A comment `# warren-ignore RULE: reason`. */
export interface IgnoreComment {
  readonly rule: string
  /** Empty if the comment has no reason; then it accepts nothing. */
  readonly reason: string
  readonly location: Location
  /** The line whose findings it accepts: the next one that is neither empty nor a comment. */
  readonly line: number
}

const IGNORE = /^(\s*)#\s*(warren-ignore\s+([\w-]+)\s*:?\s*(.*?))\s*$/
const EMPTY_OR_COMMENT = /^\s*(?:#|$)/

/** Finds the comments that accept findings in the texts of files. Only comments on their own lines count. */
export function ignoreComments(sources: ReadonlyMap<string, string>): readonly IgnoreComment[] {
  return [...sources].flatMap(([file, text]) => (text.includes('warren-ignore') ? commentsIn(file, text) : []))
}

function commentsIn(file: string, text: string): readonly IgnoreComment[] {
  const lines = text.split(/\r?\n/)
  return lines.flatMap((line, at) => {
    const found = IGNORE.exec(line)
    if (found === null) return []
    const [, , comment = '', rule = '', reason = ''] = found
    const next = lines.findIndex((each, index) => index > at && !EMPTY_OR_COMMENT.test(each))
    const location = { file, line: at + 1, column: line.indexOf('#') + 1, length: comment.length + 2 }
    return [{ rule, reason, location, line: next + 1 }]
  })
}
