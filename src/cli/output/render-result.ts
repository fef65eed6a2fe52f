import { type CommandResult, type RunResult, runTitle } from '../../render/result/command-result.ts'
import { maskData } from '../../model/secrets/mask-data.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { Style } from '../../render/words/style.ts'
import type { Format } from '../options/formats.ts'
import { packageVersion } from '../package-version.ts'

/** Renders the result of a command with one run in any format. */
export async function renderRun(
  command: string,
  run: RunResult,
  format: Format,
  style: Style,
  secrets: SecretRegistry,
): Promise<string> {
  switch (format) {
    case 'text':
      return runText(run, style)
    case 'diff': {
      if (run.plan === undefined) return runText(run, style)
      const { planDiff } = await import('../../render/diff/plan-diff.ts')
      return planDiff(run.plan) + (await commentsOf(run))
    }
    case 'json':
      return runJson(command, run)
    case 'markdown':
    case 'github':
    case 'sarif':
    case 'junit':
    case 'gitlab':
      return renderDocument({ command, runs: [run] }, format, secrets)
  }
}

/** Renders the result of a command with several runs in any format except text, which each command lays out itself. */
export async function renderRuns(
  result: CommandResult,
  format: Exclude<Format, 'text'>,
  secrets: SecretRegistry,
): Promise<string> {
  switch (format) {
    case 'diff': {
      const { planDiff } = await import('../../render/diff/plan-diff.ts')
      const texts = result.runs.map(async (run) => {
        const diff = run.plan === undefined ? '' : planDiff(run.plan)
        return `# ${runTitle(result, run)}\n${diff}${await commentsOf(run)}`
      })
      return (await Promise.all(texts)).join('')
    }
    case 'json': {
      const { runsJson } = await import('../../render/json/runs-json.ts')
      return runsJson(result)
    }
    case 'markdown':
    case 'github':
    case 'sarif':
    case 'junit':
    case 'gitlab':
      return renderDocument(result, format, secrets)
  }
}

/** The formats of documents for reviewers and services, each with its own escaping. */
export type DocumentFormat = Exclude<Format, 'text' | 'diff' | 'json'>

/**
 * Renders a result as a document. It masks secrets in the data first, because the exit does not know the escaping of
 * each format.
 */
export async function renderDocument(
  result: CommandResult,
  format: DocumentFormat,
  secrets: SecretRegistry,
): Promise<string> {
  const shown = { ...result, runs: result.runs.map((run) => maskRun(run, secrets)) }
  const { formatResult } = await import('../../render/formats/format-result.ts')
  return formatResult(shown, { format, version: packageVersion() })
}

function maskRun(
  {
    environment,
    project,
    findings,
    lint,
    sources,
    plan,
    survey,
    report,
    changesForUsers,
    failure,
    exitCode,
  }: RunResult,
  secrets: SecretRegistry,
) {
  return maskData(
    {
      findings,
      sources,
      ...(lint && { lint }),
      ...(environment !== undefined && { environment }),
      ...(project !== undefined && { project }),
      ...(plan && { plan }),
      ...(survey && { survey }),
      ...(report && { report }),
      ...(changesForUsers && { changesForUsers }),
      ...(failure && { failure }),
      ...(exitCode !== undefined && { exitCode }),
    },
    secrets,
  )
}

/** The lint findings below a diff. */
async function commentsOf({ lint = [] }: RunResult): Promise<string> {
  const { lintComments } = await import('../../render/lint/lint-text.ts')
  return lintComments(lint)
}

async function runText(run: RunResult, style: Style): Promise<string> {
  const { plan, report, findings, sources, failure } = run
  if (plan === undefined) {
    const { findingsText } = await import('../../render/text/findings-text.ts')
    return findings.length > 0 ? findingsText(findings, sources, style) : `error  ${failure?.message}\n`
  }
  const { planText } = await import('../../render/text/plan-text.ts')
  if (report === undefined) return planText(plan, style, run)
  const { reportText } = await import('../../render/text/report-text.ts')
  return `${planText(plan, style)}\n${reportText(report, style)}`
}

async function runJson(command: string, run: RunResult): Promise<string> {
  const { plan, report, failure, findings } = run
  if (plan === undefined) {
    const { failureJson } = await import('../../render/json/failure-json.ts')
    return failureJson(failure ?? { code: 'UNEXPECTED', message: command }, findings)
  }
  const { planJson, applyJson } = await import('../../render/json/plan-json.ts')
  return EXECUTES.has(command) ? applyJson(plan, report) : planJson(plan, run)
}

/** Commands whose JSON contains a plan and a report. */
const EXECUTES: ReadonlySet<string> = new Set(['apply', 'destroy'])
