import type { Outcome, OutcomeStatus } from '../../apply/report.ts'
import type { ErrorCode } from '../../diagnostics/error-code.ts'
import { explainFinding, type Finding, type FindingCode } from '../../diagnostics/findings/finding.ts'
import type { Location } from '../../diagnostics/location.ts'
import { shownMessage } from '../../diagnostics/text/shown-text.ts'
import type { LintFinding } from '../../insight/lint/lint.ts'
import type { Block } from '../../plan/block.ts'
import type { Change } from '../../plan/change.ts'
import type { Note } from '../../plan/note.ts'
import type { Plan } from '../../plan/plan.ts'
import type { BreakingRule } from '../../insight/breaking/breaking-rules.ts'
import { subjectOf } from '../../plan/steps/subject.ts'
import { explainBlock } from '../blocks/explain-block.ts'
import { noteText } from '../text/notes-text.ts'
import { impactWords } from '../words/impact-words.ts'
import type { CommandResult, RunResult } from './command-result.ts'
import { createHash } from 'node:crypto'

/** The code of a remark that is neither a finding nor an error, a block or a note. */
export type OwnRemarkCode =
  | 'messages-lost'
  | 'drift'
  | 'record-failed'
  | `apply-${Exclude<OutcomeStatus, 'done' | 'kept'>}`

/** Every code of a remark; `warren explain` explains each. Findings of lint have the ids of their rules. */
export type RemarkCode =
  | FindingCode
  | ErrorCode
  | Block['reason']
  | Note['note']
  | OwnRemarkCode
  | RuleId
  | BreakingRule

/** The id of a rule of lint. */
export type RuleId = string & { readonly lint?: never }

/** A message that a person has to read, with the line of a file if there is one. */
export interface Remark {
  readonly severity: 'error' | 'warning' | 'note'
  /** A stable name of its kind: the code of a finding or an error, the reason for a block, or the name of a note. */
  readonly code: RemarkCode
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  /** The address of the object. */
  readonly address?: string
  readonly location?: Location
  /** The description of the rule that found it. */
  readonly rule?: Pick<LintFinding, 'meaning' | 'remedy' | 'page'>
}

/** The message of a remark, with its hint on lines of its own. */
export function remarkText({ message, hint }: Pick<Remark, 'message' | 'hint'>): string {
  return hint === undefined ? message : `${message}\n${hint}`
}

/**
 * Lists the messages of a result that a person has to read: errors of the run, findings, blocks, notes, losses, drift
 * and failed changes. A message that several runs have in common, such as a finding about a shared file, is listed
 * once.
 */
export function remarksOf(result: CommandResult): readonly Remark[] {
  const all = result.runs.flatMap((run) => runRemarks(run, result.command))
  return [...new Map(all.map((remark) => [JSON.stringify(remark), remark])).values()]
}

/** The remarks about one run. */
export function runRemarks(run: RunResult, command: string): readonly Remark[] {
  const { plan, report, failure } = run
  const places = placesOf(plan)
  return [
    ...(failure === undefined ? [] : [{ severity: 'error' as const, ...failure }]),
    ...run.findings.map(findingRemark),
    ...(run.lint ?? []).map(lintRemark),
    ...(run.changesForUsers ?? []),
    ...(plan === undefined ? [] : planRemarks(plan, places, command)),
    ...(report?.outcomes ?? []).flatMap((outcome) => outcomeRemarks(outcome, places)),
    ...(report?.recordFailed === undefined
      ? []
      : [{ severity: 'error' as const, code: 'record-failed' as const, message: report.recordFailed }]),
  ]
}

type Places = ReadonlyMap<string, Location>

/** The positions of the declarations of a plan's objects, by address. */
export function placesOf(plan: Plan | undefined): Places {
  const places = new Map<string, Location>()
  for (const change of plan?.changes ?? []) {
    const { origin } = subjectOf(change).object
    if (origin !== undefined) places.set(change.address, origin)
  }
  return places
}

function planRemarks(plan: Plan, places: Places, command: string): readonly Remark[] {
  return [
    ...plan.blocks.map((block) => blockRemark(block, places)),
    ...plan.notes.map((note) => noteRemark(note, places)),
    ...plan.changes.flatMap((change) =>
      command === 'drift' ? driftRemark(change, places) : lossRemarks(change, places),
    ),
  ]
}

function findingRemark(found: Finding): Remark {
  const { severity, message, hint } = explainFinding(found)
  return {
    severity,
    code: found.code,
    message: shownMessage(message),
    ...(hint !== undefined && { hint: shownMessage(hint) }),
    ...(found.location && { location: found.location }),
  }
}

function lintRemark({ rule, severity, message, hint, address, location, meaning, remedy, page }: LintFinding): Remark {
  return {
    severity,
    code: rule,
    message: shownMessage(message),
    ...(hint !== undefined && { hint: shownMessage(hint) }),
    ...(address !== undefined && { address }),
    ...(location && { location }),
    rule: { meaning, remedy, page },
  }
}

function blockRemark(block: Block, places: Places): Remark {
  const [what, ...ways] = explainBlock(block)
  const [declared] = 'places' in block ? block.places : []
  const location = places.get(block.address) ?? declared
  return {
    severity: 'error',
    code: block.reason,
    message: `${block.address}: ${what}`,
    ...(ways.length > 0 && { hint: ways.join('\n') }),
    address: block.address,
    ...(location && { location }),
  }
}

/** Notes about harmless facts. */
const HARMLESS: ReadonlySet<Note['note']> = new Set(['policy-adds', 'completed', 'expected', 'nothing-to-delete'])

function noteRemark(note: Note, places: Places): Remark {
  const [address] = note.addresses
  const [declared] = 'places' in note ? note.places : []
  const location = declared ?? (address === undefined ? undefined : places.get(address))
  return {
    severity: HARMLESS.has(note.note) ? 'note' : 'warning',
    code: note.note,
    message: noteText(note),
    ...(address !== undefined && { address }),
    ...(location && { location }),
  }
}

/** A step that loses messages and that an option allows: a reviewer has to see it although nothing blocks it. */
function lossRemarks(change: Change, places: Places): readonly Remark[] {
  const deletes = change.action === 'delete' || (change.action === 'replace' && change.how === 'recreate')
  const impact = deletes && 'impact' in change ? change.impact : undefined
  if (impact?.messages === undefined || impact.messages === 0) return []
  const message = `${change.action} ${change.address} loses ${impactWords(impact)}`
  return [changeRemark(change, 'messages-lost', message, places)]
}

function driftRemark(change: Change, places: Places): readonly Remark[] {
  return [changeRemark(change, 'drift', `${change.address} is not as declared: ${DRIFTED[change.action]}`, places)]
}

const DRIFTED: { readonly [A in Change['action']]: string } = {
  create: 'it is missing on the broker',
  update: 'it differs on the broker',
  replace: 'it differs on the broker and has to be replaced',
  rename: 'it still has its old name on the broker',
  delete: 'it exists on the broker and is owned, but no longer declared',
}

function changeRemark({ address }: Change, code: OwnRemarkCode, message: string, places: Places): Remark {
  const location = places.get(address)
  return { severity: 'warning', code, message, address, ...(location && { location }) }
}

function outcomeRemarks(outcome: Outcome, places: Places): readonly Remark[] {
  const { address, action } = outcome
  const location = places.get(address)
  if (outcome.status === 'done' || outcome.status === 'kept') return []
  const code = `apply-${outcome.status}` as const
  const remark = (severity: Remark['severity'], message: string, hint?: string): readonly Remark[] => [
    {
      severity,
      code,
      message: `${action} ${address}: ${message}`,
      ...(hint !== undefined && { hint }),
      address,
      ...(location && { location }),
    },
  ]
  switch (outcome.status) {
    case 'failed':
      return remark('error', outcome.reason, outcome.hint)
    case 'skipped':
      return remark('warning', `skipped, because ${outcome.because} was not done`)
    case 'stale':
      return remark('error', outcome.reason, 'more is at risk than the plan named: plan again')
    case 'interrupted':
      return remark(
        'warning',
        outcome.begun ? 'interrupted; the next apply continues' : 'not started, because the run was interrupted',
      )
  }
}

/**
 * A name of a remark that does not change when lines move, so that a service recognizes it in the next report. It
 * consists of the code, the file, and the object or the sentence.
 */
export function fingerprint({ code, location, address, message }: Remark): string {
  return createHash('sha256')
    .update([code, location?.file ?? '', address ?? message].join('\0'))
    .digest('hex')
}

/**
 * The position of a remark for formats that require one: its own, or the start of the first file of the result.
 * GitLab and GitHub's code scanning refuse a report in which an entry has no position.
 */
export function placeFor({ location }: Pick<Remark, 'location'>, { runs }: CommandResult): Location {
  if (location !== undefined) return location
  const [file] = runs.flatMap(({ sources, plan }) => [...sources.keys(), ...(plan?.files.paths ?? [])])
  return { file: file ?? 'topology.yaml', line: 1, column: 1 }
}
