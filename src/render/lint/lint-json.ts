import type { LintFinding } from '../../insight/lint/lint.ts'
import type { LintReport } from './lint-text.ts'

/** A run of lint as JSON, for programs. */
export function lintJson(runs: readonly (LintReport & { readonly project?: string; readonly environment?: string })[]) {
  const shown = runs.map(({ findings, ignored, version, unread, project, environment }) => ({
    ...(environment !== undefined && { environment }),
    ...(project !== undefined && { project }),
    version,
    ignored,
    ...(unread && { unread }),
    findings: findings.map(lintFindingJson),
  }))
  return `${JSON.stringify({ format: 1, runs: shown }, undefined, 2)}\n`
}

/** A finding of lint, for programs. */
export function lintFindingJson({ rule, severity, message, hint, address, location, related, page }: LintFinding) {
  return {
    rule,
    severity,
    message,
    ...(hint !== undefined && { hint }),
    ...(address !== undefined && { address }),
    ...(location && { location }),
    ...(related && { related }),
    page,
  }
}
