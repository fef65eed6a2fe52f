import { explainFinding, type Finding } from '../../diagnostics/findings/finding.ts'
import { NEWEST_VERSION } from '../../model/broker-version.ts'
import type { Desired } from '../../model/desired.ts'
import { RULES } from './all-rules.ts'
import { ignoreComments } from './ignore-comments.ts'
import { lintContext, type OtherProject } from './lint-context.ts'
import { anySubject } from './lint.ts'
import { type LintSettings, NO_SETTINGS } from './lint-settings.ts'
import type { Rule } from './rule.ts'
import { Silence } from './silence.ts'

/** Files, and the findings about them. */
export interface FoundInFiles {
  /** Absent if the files are not usable. */
  readonly desired?: Desired
  readonly findings: readonly Finding[]
  readonly sources: ReadonlyMap<string, string>
}

/** The settings by which warnings about files are judged. */
export interface Judgement {
  /** Default: those of the rules, and the comments in the files. */
  readonly settings?: LintSettings
  /** The other projects of the run. Default: none. */
  readonly others?: readonly OtherProject[]
}

const RULE_OF: ReadonlyMap<string, Rule> = new Map(
  RULES.flatMap((rule) => (rule.adopts ?? []).map((code) => [code, rule] as const)),
)

/**
 * Treats warnings about files in the same way as lint. It leaves out warnings of rules that are off, warnings that a
 * comment or the config accepts, and warnings that the other projects of the run resolve. It sets the severity from the
 * config. Errors, and warnings that no rule covers, are returned unchanged.
 */
export function judgeWarnings(
  { desired, findings, sources }: FoundInFiles,
  { settings = NO_SETTINGS, others = [] }: Judgement = {},
): readonly Finding[] {
  if (!findings.some(({ code }) => RULE_OF.has(code))) return findings
  const silence = new Silence(ignoreComments(sources), settings.ignore)
  const context =
    desired && lintContext({ topology: desired.topology, routes: desired.routes, version: NEWEST_VERSION, others })
  const subjects = new Map<Rule, (warning: Finding) => ReturnType<typeof anySubject>>()
  return findings.flatMap((found): Finding[] => {
    const rule = RULE_OF.get(found.code)
    if (rule === undefined || explainFinding(found).severity === 'error') return [found]
    const severity = settings.rules[rule.id]?.severity
    if (severity === 'off') return []
    const subjectOf = subjects.get(rule) ?? (context && rule.subjects?.(context)) ?? anySubject
    subjects.set(rule, subjectOf)
    const subject = subjectOf(found)
    const { location } = found
    const acceptable = { rule: rule.id, ...(location && { location }), ...subject }
    if (subject === undefined || silence.takes(acceptable)) return []
    return [severity === undefined ? found : { ...found, severity }]
  })
}
