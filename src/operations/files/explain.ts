import { ERROR_EXPLANATIONS } from '../../diagnostics/explanations/error-explanations.ts'
import { EXAMPLES } from '../../diagnostics/explanations/examples.ts'
import type { ExplanationGroup } from '../../diagnostics/explanations/explanation.ts'
import { FINDING_EXPLANATIONS } from '../../diagnostics/explanations/finding-explanations.ts'
import { WARNING_EXPLANATIONS } from '../../diagnostics/explanations/warning-explanations.ts'
import { BREAKING_RULES } from '../../insight/breaking/breaking-rules.ts'
import { IGNORE_RULES, RULES } from '../../insight/lint/all-rules.ts'
import { RULE_OF_NOTE } from '../../insight/lint/judge-notes.ts'
import { pageOf, type RuleText } from '../../insight/lint/rule.ts'
import { suggest } from '../../diagnostics/text/suggest.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { BLOCK_EXPLANATIONS } from '../../render/blocks/block-explanations.ts'
import type { Explanation, ExplanationKind } from '../../render/explanations-text.ts'
import { NOTE_EXPLANATIONS, OWN_REMARK_EXPLANATIONS } from '../../render/result/remark-explanations.ts'

/** The explanations of errors, findings and remarks, in the order and below the headings of docs/reference/errors.md. */
const CHAPTERS: readonly { readonly kind: ExplanationKind; readonly groups: readonly ExplanationGroup[] }[] = [
  { kind: 'error', groups: ERROR_EXPLANATIONS },
  { kind: 'finding', groups: FINDING_EXPLANATIONS },
  { kind: 'warning', groups: WARNING_EXPLANATIONS },
  { kind: 'block', groups: [{ title: 'Blocks', codes: BLOCK_EXPLANATIONS }] },
  { kind: 'note', groups: [{ title: 'Notes', codes: NOTE_EXPLANATIONS }] },
  { kind: 'remark', groups: [{ title: 'Other remarks', codes: OWN_REMARK_EXPLANATIONS }] },
]

/**
 * Explains a code of an error, a finding, a block or a remark, or a rule of `lint` or `breaking`. A code that is both
 * a finding and the reason for a block has two explanations.
 *
 * @param code the code; upper and lower case are equal. Default: all codes
 * @throws {WarrenError} `UNKNOWN_NAME` when warren has no such code
 */
export function explain(code?: string): readonly Explanation[] {
  const all = [
    ...CHAPTERS.flatMap(({ kind, groups }) => groups.flatMap((group) => explanationsOf(kind, group))),
    ...[...RULES, ...Object.values(IGNORE_RULES)].map(explanationOfRule),
    ...Object.entries(BREAKING_RULES).map(([rule, { meaning, remedy }]): Explanation => {
      return { code: rule, kind: 'breaking', topic: 'Breaking changes', meaning, remedy: sentenceOf(remedy) }
    }),
  ]
  if (code === undefined) return all
  const found = all.filter((each) => each.code.toLowerCase() === code.toLowerCase())
  if (found.length > 0) return found
  const nearest = nearestCode(code, all)
  throw new WarrenError(`there is no code "${code}"`, {
    code: 'UNKNOWN_NAME',
    hint: `${nearest === undefined ? '' : `did you mean ${nearest}? `}list all codes with: warren explain`,
  })
}

function explanationsOf(kind: ExplanationKind, { title, codes }: ExplanationGroup): Explanation[] {
  return Object.entries(codes).map(([code, text]) => {
    const example = kind === 'finding' || kind === 'warning' ? EXAMPLES[code] : undefined
    const rule = kind === 'warning' ? RULE_OF_WARNING.get(code) : kind === 'note' ? RULE_OF_NOTE[code] : undefined
    return {
      code,
      kind,
      topic: title,
      ...text,
      ...(example !== undefined && { example }),
      ...(rule !== undefined && { page: pageOf(rule) }),
    }
  })
}

function explanationOfRule({ id, group, meaning, remedy }: RuleText): Explanation {
  return { code: id, kind: 'lint', topic: `Lint: ${RULE_GROUPS[group]}`, meaning, remedy, page: pageOf(id) }
}

/** The lint rules that warnings about files belong to. */
const RULE_OF_WARNING: ReadonlyMap<string, string> = new Map(
  RULES.flatMap(({ id, adopts = [] }) => adopts.map((code) => [code, id] as const)),
)

/** The headings of docs/rules/README.md. */
const RULE_GROUPS: Readonly<Record<RuleText['group'], string>> = {
  routing: 'Routing',
  loss: 'Loss',
  rights: 'Rights',
  versions: 'Versions',
  policy: 'Policy',
  ignores: 'Accepted findings',
}

/** The remedy of a breaking change is a phrase; the remedy of a safe change is empty. */
function sentenceOf(remedy: string): string {
  return remedy === '' ? 'Nothing to do.' : `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.`
}

/** Compares in lower case with hyphens, so that `duplicate_key` is near `duplicate-key`. */
function nearestCode(code: string, all: readonly Explanation[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '-')
  const codes = new Map(all.map((each) => [plain(each.code), each.code]))
  return codes.get(suggest(plain(code), [...codes.keys()]) ?? '')
}
