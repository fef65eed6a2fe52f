import type { Location } from '../../diagnostics/location.ts'
import { matchesGlob } from '../../model/names/matches-glob.ts'
import { IGNORE_RULES } from './all-rules.ts'
import type { IgnoreComment } from './ignore-comments.ts'
import type { AcceptedFindings } from './lint-settings.ts'
import type { Fix, RuleText, Violation } from './rule.ts'

/** A comment or an entry that accepts nothing. */
export interface Problem {
  readonly rule: RuleText
  readonly violation: Violation
}

/** A finding that a comment or an entry of the config may accept. */
export interface Acceptable {
  /** The id of the rule. */
  readonly rule: string
  readonly location?: Location
  readonly address?: string
}

/** Applies the comments and entries that accept findings, and finds the unused ones. */
export class Silence {
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

  takes({ rule, location, address }: Acceptable): boolean {
    const isRead = location !== undefined && this.#byLine.size > 0
    const comments = isRead ? (this.#byLine.get(keyOf(rule, location)) ?? []) : []
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
          const message = 'the comment silences nothing, because it has no reason'
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
            message: `lint.ignore accepts findings of ${rule} about ${address}, but there are none`,
            hint: 'remove the entry from the config',
          },
        })),
    ]
  }
}

function keyOf(rule: string, { file, line }: Pick<Location, 'file' | 'line'>): string {
  return JSON.stringify([rule, file, line])
}
