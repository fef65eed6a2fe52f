import { fingerprint, placeFor, remarksOf, remarkText } from '../result/remark.ts'
import type { CommandResult } from '../result/command-result.ts'

/** GitLab's severities, of `info`, `minor`, `major`, `critical` and `blocker` (docs.gitlab.com, Code Quality report format). */
const SEVERITIES = { error: 'critical', warning: 'minor', note: 'info' } as const

/** Renders a result as a report of GitLab's Code Quality, which shows each remark at its line in the merge request. */
export function gitlabCodeQuality(result: CommandResult): string {
  const issues = remarksOf(result).map((remark) => {
    const { file, line } = placeFor(remark, result)
    return {
      description: remarkText(remark),
      check_name: remark.code,
      fingerprint: fingerprint(remark),
      severity: SEVERITIES[remark.severity],
      location: { path: file, lines: { begin: line } },
    }
  })
  return `${JSON.stringify(issues, undefined, 2)}\n`
}
