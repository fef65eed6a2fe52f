import type { CommandResult, RunResult } from '../result/command-result.ts'
import { findingJson } from './failure-json.ts'
import { withAdditions } from './plan-json.ts'

/**
 * The result of several runs as JSON, for programs, following `schemas/runs.schema.json`. Secrets become `(secret)`.
 */
export function runsJson({ command, digest, exitCode, runs }: CommandResult): string {
  const shown = { format: 1, command, digest, exitCode, runs: runs.map(runJson) }
  return `${JSON.stringify(shown, undefined, 2)}\n`
}

function runJson(run: RunResult) {
  const { environment, project, exitCode, plan, report, failure, findings } = run
  return {
    environment,
    project: project ?? plan?.project,
    digest: plan?.digest,
    exitCode,
    plan: plan && withAdditions(plan, run),
    report,
    ...(failure && { failure: { code: failure.code, error: failure.message, hint: failure.hint } }),
    ...(findings.length > 0 && { findings: findings.map(findingJson) }),
  }
}
