import type { Outcome, Report } from '../../../src/apply/report.ts'
import { kindOf } from '../../../src/model/address.ts'
import type { TopologyIndex } from '../../../src/plan/topology-index.ts'
import { entryOf } from '../../../src/broker/records/entry.ts'
import type { OwnershipRecord } from '../../../src/broker/records/ownership-record.ts'
import { addressesIn } from '../../../src/broker/records/ownership.ts'
import type { Ended } from '../support/command-in-process.ts'

/** The parts of a broker that a report describes. */
export interface State {
  /** The changes of a plan, as `action address`. */
  readonly pending: readonly string[]
  readonly live: TopologyIndex
  readonly record: OwnershipRecord | undefined
}

/** The false statements of a run's output, and wrong outcomes; empty if there are none. */
export function untruths({ code, stdout, stderr }: Ended, before: State, now: State): string[] {
  const { report } = (stdout === '' ? {} : JSON.parse(stdout)) as { report?: Report }
  const outcomes = new Map((report?.outcomes ?? []).map((outcome) => [outcome.address, outcome]))
  const planned = before.pending.map(split)
  return [
    ...(/\n\s+at |unexpected error in warren/.test(stderr + stdout) ? [`a stack trace: ${stderr}`] : []),
    ...planned
      .filter((change) => !mayHaveGone(change, outcomes))
      .flatMap((change) => wrong(change, outcomes.get(change.address), report !== undefined, now)),
    ...wrongCode(code, report, code === 4 ? stdout : stderr),
    ...wrongRecord(outcomes, before, now),
  ]
}

/** False statements in a record of any project. */
export function wrongRecord(outcomes: ReadonlyMap<string, Outcome>, before: State, now: State): string[] {
  const owned = new Set(before.record?.owned)
  // A record on the broker contains hashes instead of long addresses.
  const all = new Set(now.record ? addressesIn(now.record).map(entryOf) : [])
  const done = new Set([...outcomes].flatMap(([at, { status }]) => (status === 'done' ? [entryOf(at)] : [])))
  const made = before.pending.map(split).filter(({ action }) => action === 'create' || action === 'rename')
  return [
    ...(now.record?.owned ?? [])
      .filter((at) => !owned.has(at) && !done.has(entryOf(at)))
      .map((at) => `${at} is owned, and was not made`),
    ...made
      .filter(({ address }) => has(now.live, address) && !all.has(entryOf(address)))
      .map(({ address }) => `${address} was made, and no record knows it`),
    ...(before.record?.protected ?? [])
      .filter((at) => !now.record?.protected.includes(at))
      .map((at) => `${at} is not protected any more`),
  ]
}

/** A binding is deleted together with its queue; the report may describe this queue only as possibly deleted. */
function mayHaveGone({ action, address }: PlannedChange, outcomes: ReadonlyMap<string, Outcome>): boolean {
  const [, vhost, , kind, name] = /^binding:([^/]*)\/([^/]*)\/([^/]*)\/([^/]*)\//.exec(address) ?? []
  const outcome = outcomes.get(`${kind}:${vhost}/${name}`)
  return action === 'delete' && outcome?.status === 'failed' && outcome.maybeDone === true
}

interface PlannedChange {
  readonly action: string
  readonly address: string
}

function split(text: string): PlannedChange {
  const space = text.indexOf(' ')
  return { action: text.slice(0, space), address: text.slice(space + 1) }
}

function wrong(change: PlannedChange, outcome: Outcome | undefined, reported: boolean, now: State): string[] {
  const state = isDone(change, now) ? 'done' : isBegun(change, now) ? 'begun' : 'not done'
  if (outcome === undefined) {
    if (reported) return [`${change.address} is not in the report`]
    return state === 'not done' ? [] : [`${change.address} is ${state}, and there is no report`]
  }
  if (outcome.status === 'done') return state === 'done' ? [] : [`${change.address} is reported done, and is ${state}`]
  if (outcome.status === 'failed' && outcome.maybeDone === true) return []
  return state === 'not done' ? [] : [`${change.address} is reported ${outcome.status}, and is ${state}`]
}

function isDone({ action, address }: PlannedChange, { pending, live }: State): boolean {
  if (action === 'delete') return !has(live, address)
  return has(live, address) && !pending.some((each) => split(each).address === address)
}

function isBegun({ action, address }: PlannedChange, { pending, live }: State): boolean {
  if (action === 'delete') return false
  if (action === 'create') return has(live, address)
  return !pending.includes(`${action} ${address}`)
}

function has(live: TopologyIndex, address: string): boolean {
  const kind = kindOf(address)
  return kind !== undefined && live.has(kind, address)
}

function wrongCode(code: number, report: Report | undefined, stderr: string): string[] {
  const expected = report === undefined ? [6] : codesOf(report)
  return expected.includes(code) ? [] : [`exit code ${code} instead of ${expected.join(' or ')}: ${stderr}`]
}

function codesOf({ outcomes, recordFailed }: Report): number[] {
  const wrong = outcomes.filter(({ status }) => status !== 'done' && status !== 'kept')
  if (wrong.length === 0) return [recordFailed === undefined ? 0 : 7]
  return outcomes.some(({ status }) => status === 'done') ? [7] : [6, 7]
}
