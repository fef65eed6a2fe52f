import { explainFinding } from '../../diagnostics/findings/finding.ts'
import { compareLocations, type Location } from '../../diagnostics/location.ts'
import { matchesGlob } from '../../model/names/matches-glob.ts'
import { type IgnoreComment, ignoreComments } from './ignore-comments.ts'
import { IGNORE_RULES, RULES } from './all-rules.ts'
import { type LintContext, lintContext, type LintInput } from './lint-context.ts'
import type { AcceptedFindings, LintSettings } from './lint-settings.ts'
import { type Fix, type LintSeverity, pageOf, type Rule, type RuleText, type Violation } from './rule.ts'

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
  const adopted = (context.warnings ?? []).flatMap((each): Violation[] => {
    if (rule.adopts?.includes(each.code) !== true) return []
    const { message, hint } = explainFinding(each)
    return [
      {
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
  return violations.map((each) => ({ ...each, rule: id, severity, page: pageOf(id), meaning, remedy }))
}

/** A rule that is off by default reports warnings when a config configures it. */
function severityOf(rule: RuleText, { rules }: LintSettings): LintSeverity | 'off' {
  const setting = rules[rule.id]
  if (setting === undefined) return rule.severity
  return setting.severity ?? (rule.severity === 'off' ? 'warning' : rule.severity)
}

interface Problem {
  readonly rule: RuleText
  readonly violation: Violation
}

/** Applies the comments and entries that accept findings, and finds the unused ones. */
class Silence {
  readonly #comments: readonly IgnoreComment[]
  readonly #byLine = new Map<string, IgnoreComment[]>()
  readonly #accepted: readonly AcceptedFindings[]
  readonly #used = new Set<object>()

  constructor(comments: readonly IgnoreComment[], accepted: readonly AcceptedFindings[]) {
    this.#comments = comments
    this.#accepted = accepted
    for (const each of comments) {
      if (each.reason === '') continue
      const key = keyOf(each.rule, { file: each.location.file, line: each.line })
      this.#byLine.set(key, [...(this.#byLine.get(key) ?? []), each])
    }
  }

  takes({ rule, location, address }: LintFinding): boolean {
    const comments = location === undefined ? [] : (this.#byLine.get(keyOf(rule, location)) ?? [])
    const accepted = this.#accepted.filter(
      (each) => each.rule === rule && address !== undefined && matchesGlob(address, each.address),
    )
    for (const each of [...comments, ...accepted]) this.#used.add(each)
    return comments.length + accepted.length > 0
  }

  problems(): readonly Problem[] {
    return [
      ...this.#comments.flatMap((comment): Problem[] => {
        const { rule, reason, location } = comment
        if (reason === '') {
          const message = 'the comment silences nothing, since it gives no reason'
          const hint = `write # warren-ignore ${rule}: and why the finding is accepted`
          return [{ rule: IGNORE_RULES.withoutReason, violation: { message, hint, location } }]
        }
        if (this.#used.has(comment)) return []
        const message = `the comment silences no finding of ${rule}`
        const fix: Fix = { edit: { kind: 'remove-comment' }, done: `removed the comment about ${comment.rule}` }
        const hint = 'remove it, or correct the rule'
        return [{ rule: IGNORE_RULES.unused, violation: { message, hint, location, fix } }]
      }),
      ...this.#accepted
        .filter((each) => !this.#used.has(each))
        .map(({ rule, address }) => ({
          rule: IGNORE_RULES.unused,
          violation: {
            message: `lint.ignore accepts findings of ${rule} about ${address}, and there are none`,
            hint: 'remove the entry from the config',
          },
        })),
    ]
  }
}

function keyOf(rule: string, { file, line }: Pick<Location, 'file' | 'line'>): string {
  return JSON.stringify([rule, file, line])
}

function byPlace(a: LintFinding, b: LintFinding): number {
  const byLocation = compareLocations(a.location, b.location)
  if (byLocation !== 0) return byLocation
  const [mine, theirs] = [`${a.address ?? ''} ${a.rule}`, `${b.address ?? ''} ${b.rule}`]
  return mine === theirs ? 0 : mine < theirs ? -1 : 1
}
