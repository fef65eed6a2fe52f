import type { SplitRule } from '../../operations/insight/export.ts'
import { readText } from './read-text.ts'
import { usageError } from './usage-error.ts'

/**
 * Reads the file of `--split`: one rule on each line, like a YAML map: `"^billing\\.": billing`.
 *
 * @throws {WarrenError} `INVALID_USAGE` when a line is not a rule
 */
export function readSplitRules(path: string): readonly SplitRule[] {
  const lines = readText('the file of --split', path).split(/\r?\n/)
  return lines.flatMap((line, index) => {
    if (/^\s*(?:#.*)?$/.test(line)) return []
    try {
      return [ruleIn(line)]
    } catch {
      throw usageError(
        `line ${index + 1} of --split ${path} is not a regular expression and a project`,
        'write one rule on each line, such as "^billing\\\\.": billing',
      )
    }
  })
}

const RULE = /^\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^"'\s]\S*?)\s*:\s+(\S.*?)\s*$/

function ruleIn(line: string): SplitRule {
  const [, pattern, project] = RULE.exec(line) ?? []
  if (pattern === undefined || project === undefined) throw new SyntaxError('no rule')
  return { pattern: new RegExp(unquoted(pattern), 'u'), project: unquoted(project) }
}

function unquoted(text: string): string {
  if (text.startsWith('"')) return String(JSON.parse(text))
  return /^'.*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text
}
