import { applyAndRecord } from '../../src/apply/apply-and-record.ts'
import type { RecordStep } from '../../src/apply/record-steps.ts'
import { releaseEdits, whyNotReleased } from '../../src/apply/ownership/releases.ts'
import type { RecordEdit } from '../../src/apply/ownership/record-writes.ts'
import type { Outcome, Report } from '../../src/apply/report.ts'
import type { Records } from '../../src/broker/live/live.ts'
import { addressOf } from '../../src/model/address.ts'
import type { HandOver } from '../../src/model/desired.ts'
import { KINDS, type Topology } from '../../src/model/topology.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { DEFAULT_MODE, type PlanMode } from '../../src/plan/plan-mode.ts'
import type { Change } from '../../src/plan/change.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { HandOverLocks } from '../../src/plan/planned-topology.ts'
import { handOverPartners } from '../../src/broker/records/hand-over.ts'
import type { OwnershipRecord } from '../../src/broker/records/ownership-record.ts'
import { isSameRecord } from '../../src/broker/records/merge-records.ts'
import { ownersIn } from '../../src/operations/ownership/read-owners.ts'
import { ownershipOf } from '../../src/broker/records/ownership.ts'

/** Runs of one command with one set of files. */
export interface Actor {
  readonly project: string
  readonly desired: Topology
  readonly handOver?: HandOver
  readonly mode?: Partial<PlanMode>
  /** How often it may be run. */
  readonly runs: number
  /** It runs `warren release` with this address instead of an apply. */
  readonly releases?: string
  /** Leaves out a check of a release, to show that the search finds the fault that it prevents. */
  readonly skips?: 'the lock' | 'what is unfinished'
  /**
   * It runs only if another project owns this object, because its files are changed together with those of the new
   * owner.
   */
  readonly after?: string
}

/** The initial state of a search. */
export interface Scenario {
  /** The objects at the beginning, each with one owner. */
  readonly live: Topology
  readonly records: readonly OwnershipRecord[]
  readonly actors: readonly Actor[]
  /** How many runs may be killed. */
  readonly kills: number
  /** Changes the steps of a run, to show that the search finds a wrong order. */
  readonly sabotage?: (step: RecordStep, records: readonly OwnershipRecord[]) => readonly RecordStep[]
}

/** A step of the search, which separates parallel steps. */
export type Request =
  | { readonly do: 'lock'; readonly project: string }
  | { readonly do: 'unlock' }
  | { readonly do: 'read' }
  | { readonly do: 'edit'; readonly edits: readonly RecordEdit[] }
  | { readonly do: 'change'; readonly change: Change }

interface Read {
  readonly records: readonly OwnershipRecord[]
  readonly objects: readonly string[]
}

/** One run, from its lock to its last write, as in src/operations/change/apply.ts. */
export function* runOf(
  scenario: Scenario,
  { actor: index, run }: { readonly actor: number; readonly run: number },
): Generator<Request, void, unknown> {
  const actor = scenario.actors[index]
  if (actor === undefined) return
  const { project } = actor
  if (actor.releases !== undefined) return yield* runRelease(scenario, actor, actor.releases)
  if (!((yield { do: 'lock', project }) as boolean)) return
  let read = (yield { do: 'read' }) as Read
  let plan = planOf(scenario, actor, read)
  const from = plan.ownership.records.flatMap(({ take }) => take.map((each) => each.from))
  const locked = new Set<string>()
  if (from.length > 0 || plan.ownership.unfinished.length > 0) {
    locked.add(project)
    const problems = new Map<string, string>()
    for (const each of handOverPartners(project, from, read.records)) {
      if ((yield { do: 'lock', project: each }) as boolean) locked.add(each)
      else problems.set(each, 'held')
    }
    read = (yield { do: 'read' }) as Read
    plan = planOf(scenario, actor, read, { projects: locked, problems })
  }
  if (plan.blocks.length > 0) return
  const steps = applyAndRecord({
    plan,
    name: { run: `run-${index}-${run}`, at: '2026-01-01T00:00:00.000Z' },
    records: recordsOf(read.records),
    ownershipIn: ({ ownership }) => ownershipOf(project, ownership, []),
    locked: () => locked,
  })
  try {
    let last = read.records
    let next = steps.next()
    while (next.done !== true) {
      let answer: unknown
      for (const step of scenario.sabotage?.(next.value, last) ?? [next.value]) {
        answer = yield* runApply(step, plan)
        if (step.step === 'read') last = (answer as Records).ownership
      }
      next = steps.next(answer)
    }
  } catch {
    // Another project claims an object.
  }
}

/** One release, as in src/operations/ownership/release.ts. */
function* runRelease(
  { live }: Scenario,
  { project, skips }: Actor,
  address: string,
): Generator<Request, void, unknown> {
  if (skips !== 'the lock' && !((yield { do: 'lock', project }) as boolean)) return
  const records = recordsOf(((yield { do: 'read' }) as Read).records)
  const released = ownersIn({ records, topology: live }, [address]).filter((each) => each.project === project)
  if (skips !== 'what is unfinished' && whyNotReleased(records, project, released) !== undefined) return
  yield* edit(
    releaseEdits(records.ownership, project, released).filter((each) => !isSameRecord(each.base, each.target)),
  )
}

/** Several records are written at once, so that they may be written in any order. */
function* edit(all: readonly RecordEdit[]): Generator<Request, void, unknown> {
  let edits = all
  while (edits.length > 0) {
    const done = (yield { do: 'edit', edits }) as number
    edits = edits.filter((_edit, index) => index !== done)
  }
}

function* runApply(step: RecordStep, plan: Plan): Generator<Request, unknown, unknown> {
  switch (step.step) {
    case 'read':
      return recordsOf(((yield { do: 'read' }) as Read).records)
    case 'edit':
      return yield* edit(step.edits)
    case 'pause':
      return undefined
    case 'release-locks':
      return yield { do: 'unlock' }
    case 'apply':
      for (const change of plan.changes) yield { do: 'change', change }
      return reportOf(plan)
  }
}

function reportOf({ changes, digest }: Plan): Report {
  const outcomes = changes.map(({ address, action }): Outcome => ({ address, action, status: 'done' }))
  return { format: 1, digest, outcomes, interrupted: false }
}

function recordsOf(ownership: readonly OwnershipRecord[]): Records {
  return { ownership, damaged: [], journals: [], damagedJournals: [] }
}

function planOf(
  { live, actors }: Scenario,
  { project, desired, handOver, mode }: Actor,
  { records, objects }: Read,
  handOverLocks?: HandOverLocks,
): Plan {
  const exists = new Set(objects)
  const all = [live, ...actors.map((each) => each.desired)]
  const counts = new Map(objects.map((at) => [at, { messages: 0, consumers: 0 }]))
  return makePlan({
    project,
    files: { paths: [], count: 0, overlays: [] },
    desired,
    ...(handOver && { handOver }),
    mode: { ...DEFAULT_MODE, maxDeletes: { count: 100 }, ...mode },
    live: {
      broker: {
        name: 'rabbit@test',
        version: '4.3.6',
        url: '',
        exchangeTypes: ['direct'],
        forbidsOperatorPolicies: false,
        deniedFeatures: [],
      },
      topology: {
        ...live,
        queues: unique(
          'queue',
          all.flatMap(({ queues }) => queues),
        ).filter((each) => exists.has(addressOf('queue', each))),
        users: unique(
          'user',
          all.flatMap(({ users }) => users),
        ).filter((each) => exists.has(addressOf('user', each))),
      },
      login: { user: 'warren' },
      untouchable: new Set(),
      kindsRead: new Set(KINDS),
      counts,
      ownership: ownershipOf(project, records, []),
      ...(handOverLocks && { handOverLocks }),
    },
  })
}

function unique<K extends 'queue' | 'user'>(kind: K, objects: readonly Parameters<typeof addressOf<K>>[1][]) {
  return [...new Map(objects.map((each) => [addressOf(kind, each), each])).values()]
}

/** Addresses of the objects of a scenario. */
export function addressesOf({ queues, users }: Topology): string[] {
  return [...queues.map((each) => addressOf('queue', each)), ...users.map((each) => addressOf('user', each))]
}
