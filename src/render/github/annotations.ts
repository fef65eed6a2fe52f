import type { CommandResult } from '../result/command-result.ts'
import { type Remark, remarksOf, remarkText } from '../result/remark.ts'
import { resultSummary } from '../result/result-summary.ts'

/** GitHub's word for each severity (docs.github.com, Workflow commands). */
const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const

/**
 * Renders a result as workflow commands of GitHub Actions, which show each remark at its line in the pull request.
 * GitHub shows at most ten errors and ten warnings of a step, so errors come first, and the summary is a separate
 * notice.
 */
export function githubAnnotations(result: CommandResult): string {
  const remarks = remarksOf(result)
  const ordered = (['error', 'warning', 'note'] as const).flatMap((severity) =>
    remarks.filter((remark) => remark.severity === severity),
  )
  return [
    ...ordered.map(annotation),
    `::notice title=${property(`warren ${result.command}`)}::${data(resultSummary(result))}`,
    '',
  ].join('\n')
}

function annotation(remark: Remark): string {
  const { severity, code, location } = remark
  const properties = [
    ...(location === undefined
      ? []
      : [
          `file=${property(location.file)}`,
          `line=${location.line}`,
          `col=${location.column}`,
          ...(location.length === undefined ? [] : [`endColumn=${location.column + location.length}`]),
        ]),
    `title=${property(code)}`,
  ]
  return `::${COMMANDS[severity]} ${properties.join(',')}::${data(remarkText(remark))}`
}

/** Escapes a message (actions/toolkit, command.ts, `escapeData`). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** Escapes a property (actions/toolkit, command.ts, `escapeProperty`). */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
