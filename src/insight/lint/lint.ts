import { explainFinding } from '../../diagnostics/findings/finding.ts'
import { compareLocations } from '../../diagnostics/location.ts'
import { ignoreComments } from './ignore-comments.ts'
import { RULES } from './all-rules.ts'
import { type LintContext, lintContext, type LintInput } from './lint-context.ts'
import { type LintSettings, severityOf } from './lint-settings.ts'
import { type LintSeverity, pageOf, type Rule, type RuleText, type Subject, type Violation } from './rule.ts'
import { Silence } from './silence.ts'

/** A finding of a rule. */
export interface LintFinding extends Violation {
  /** The id of the rule. */
  readonly rule: string
  readonly severity: LintSeverity
  /** The path of the rule's page, from the root of the project. */
  readonly page: string
  readonly meaning: string
  readonly remedy: string
}

/** The findings of the rules. */
export interface LintResult {
  /** By place, then by address and rule. */
  readonly findings: readonly LintFinding[]
  /** The number of findings that a comment or the config accepts. */
  readonly ignored: number
}

/**
 * Lints a topology by all rules that are not off.
 *
 * @param sources the texts of the files by path; their comments may accept findings
 */
export function lintTopology(
  input: LintInput,
  settings: LintSettings,
  sources: ReadonlyMap<string, string> = new Map(),
): LintResult {
  const context = lintContext(input)
  const all = RULES.flatMap((rule) => findingsOf(rule, context, settings))
  const comments = ignoreComments(sources)
  const silence = new Silence(comments, settings.ignore)
  const kept = all.filter((each) => !silence.takes(each))
  const findings = [
    ...kept,
    ...silence.problems().flatMap((each) => withSeverity(each.rule, [each.violation], settings)),
  ]
  return { findings: findings.toSorted(byPlace), ignored: all.length - kept.length }
}

function findingsOf(rule: Rule, context: LintContext, settings: LintSettings): readonly LintFinding[] {
  const setting = settings.rules[rule.id]
  if (severityOf(rule, settings) === 'off') return []
  const warnings = (context.warnings ?? []).filter(({ code }) => rule.adopts?.includes(code))
  const subjectOf = (warnings.length > 0 && rule.subjects?.(context)) || anySubject
  const adopted = warnings.flatMap((each): Violation[] => {
    const subject = subjectOf(each)
    if (subject === undefined) return []
    const { message, hint } = explainFinding(each)
    return [
      {
        ...subject,
        message,
        ...(hint !== undefined && { hint }),
        ...(each.location && { location: each.location }),
        ...(each.related && { related: each.related }),
      },
    ]
  })
  return withSeverity(rule, [...adopted, ...rule.check(context, setting?.options ?? {})], settings)
}

function withSeverity(rule: RuleText, violations: readonly Violation[], settings: LintSettings): LintFinding[] {
  const severity = severityOf(rule, settings)
  if (severity === 'off') return []
  const { id, meaning, remedy } = rule
  const page = pageOf(id)
  return violations.map((each) => ({ ...each, rule: id, severity, page, meaning, remedy }))
}

/** A warning whose rule does not determine the object that the warning is about. */
export function anySubject(): Subject | undefined {
  return {}
}

function byPlace(a: LintFinding, b: LintFinding): number {
  const byLocation = compareLocations(a.location, b.location)
  if (byLocation !== 0) return byLocation
  const [mine, theirs] = [`${a.address ?? ''} ${a.rule}`, `${b.address ?? ''} ${b.rule}`]
  return mine === theirs ? 0 : mine < theirs ? -1 : 1
}
