import { explainFinding, type Finding } from '../../diagnostics/findings/finding.ts'
import { shownMessage } from '../../diagnostics/text/shown-text.ts'
import type { RunFailure } from '../result/command-result.ts'

/** An error that ended a command as JSON, for programs, with the findings about its files. */
export function failureJson({ code, message }: RunFailure, findings: readonly Finding[]): string {
  const found = findings.length === 0 ? {} : { findings: findings.map(findingJson) }
  return `${JSON.stringify({ format: 1, code, error: message, ...found }, undefined, 2)}\n`
}

/** A finding as plain data, with its sentence. */
export function findingJson(found: Finding) {
  const { severity, message, hint } = explainFinding(found)
  return {
    severity,
    code: found.code,
    message: shownMessage(message),
    ...(hint !== undefined && { hint: shownMessage(hint) }),
    ...(found.location && { location: found.location }),
    ...(found.related && { related: found.related }),
  }
}
