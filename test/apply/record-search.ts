import type { RecordEdit } from '../../src/apply/ownership/record-writes.ts'
import type { Change } from '../../src/plan/change.ts'
import { mergeRecords } from '../../src/broker/records/merge-records.ts'
import { emptyRecord, isEmptyRecord, type OwnershipRecord } from '../../src/broker/records/ownership-record.ts'
import { addressesIn, ownershipOf } from '../../src/broker/records/ownership.ts'
import { addressesOf, type Request, runOf, type Scenario } from './searched-run.ts'
import { recordName } from '../../src/model/generated-names.ts'

/** The broker, and the owners according to the rules, derived only from the deciding writes. */
interface World {
  readonly records: ReadonlyMap<string, OwnershipRecord>
  readonly objects: ReadonlySet<string>
  readonly owners: ReadonlyMap<string, string>
}

interface Running {
  readonly actor: number
  readonly run: number
  /** The ids of the answers that it has received so far. */
  readonly answers: readonly number[]
  readonly locks: readonly string[]
}

interface State {
  readonly world: World
  readonly running: readonly Running[]
  /** How many runs of each actor have begun. */
  readonly begun: readonly number[]
  readonly kills: number
}

const MOST_STATES = 30_000

/** The results of a search. */
export interface Found {
  readonly states: number
  /** The descriptions of the faults. */
  readonly faults: readonly string[]
}

/** Visits every state that interleaved and killed runs can reach. */
export function search(scenario: Scenario): Found {
  const programs = new Programs(scenario)
  const faults = new Set<string>()
  const isWrong = scenario.sabotage !== undefined || scenario.actors.some(({ skips }) => skips !== undefined)
  const seen = new Set<string>()
  const owners = new Map(scenario.records.flatMap((each) => addressesIn(each).map((at) => [at, each.project] as const)))
  const stack: State[] = [
    {
      world: {
        records: new Map(scenario.records.map((each) => [recordName(each), each])),
        objects: new Set(addressesOf(scenario.live)),
        owners,
      },
      running: [],
      begun: scenario.actors.map(() => 0),
      kills: 0,
    },
  ]
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    const key = keyOf(state)
    if (seen.has(key)) continue
    seen.add(key)
    if (seen.size > MOST_STATES) throw new Error('the scenario is too large to be searched')
    if (state.running.length === 0) for (const fault of faultsAtRest(state.world)) faults.add(fault)
    if (isWrong && faults.size > 0) break
    stack.push(...programs.next(state, (fault) => faults.add(fault)))
  }
  return { states: seen.size, faults: [...faults].toSorted() }
}

function keyOf({ world, running, begun, kills }: State): string {
  return JSON.stringify([keyOfWorld(world), running.toSorted((a, b) => a.actor - b.actor), begun, kills])
}

const worldKeys = new WeakMap<World, string>()

function keyOfWorld(world: World): string {
  const known = worldKeys.get(world)
  if (known !== undefined) return known
  const { records, objects, owners } = world
  const key = JSON.stringify([byKey(records), [...objects].toSorted(byText), byKey(owners)])
  worldKeys.set(world, key)
  return key
}

function byKey<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].toSorted(([a], [b]) => byText(a, b))
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** An object that no run is working on has exactly the owner that decided last, or none after its release. */
function faultsAtRest({ records, objects, owners }: World): string[] {
  const all = [...records.values()]
  const projects = [...new Set(all.map(({ project }) => project))]
  return [...objects].flatMap((at) => {
    const owning = projects.filter((project) =>
      ownershipOf('nobody', all, []).others.some((each) => each.project === project && addressesIn(each).includes(at)),
    )
    const should = owners.get(at)
    if (owning.length <= 1 && owning[0] === should) return []
    return [
      `${at} ends owned by ${owning.length === 0 ? 'nobody' : owning.join(' and ')}, and ${should ?? 'nobody'} should own it`,
    ]
  })
}

class Programs {
  readonly #scenario: Scenario
  /** The next step, from the run and its answers so far. */
  readonly #requests = new Map<string, Request | 'done'>()

  readonly #answers: unknown[] = []
  readonly #numbers = new Map<string, number>()

  /** Equal answers have the same id, so that states are quick to compare. */
  #numberOf(answer: unknown): number {
    const key = JSON.stringify(answer)
    const number = this.#numbers.get(key) ?? this.#answers.push(answer) - 1
    this.#numbers.set(key, number)
    return number
  }

  constructor(scenario: Scenario) {
    this.#scenario = scenario
  }

  next(state: State, fail: (fault: string) => void): State[] {
    return [...this.#beginnings(state), ...state.running.flatMap((each) => this.#continue(state, each, fail))]
  }

  #beginnings(state: State): State[] {
    return this.#scenario.actors.flatMap((actor, index) => {
      const run = state.begun[index] ?? 0
      const isBusy = state.running.some((each) => each.actor === index)
      const owner = actor.after === undefined ? undefined : state.world.owners.get(actor.after)
      if (run >= actor.runs || isBusy || (actor.after !== undefined && owner === actor.project)) return []
      const begun = state.begun.with(index, run + 1)
      return [{ ...state, begun, running: [...state.running, { actor: index, run, answers: [], locks: [] }] }]
    })
  }

  #continue(state: State, running: Running, fail: (fault: string) => void): State[] {
    const others = state.running.filter((each) => each !== running)
    const ended = { ...state, running: others }
    const request = this.#request(running)
    if (request === 'done') return [ended]
    const killed = state.kills < this.#scenario.kills ? [{ ...ended, kills: state.kills + 1 }] : []
    const answered = (answer: unknown, world = state.world, locks = running.locks): State => {
      return {
        ...state,
        world,
        running: [...others, { ...running, answers: [...running.answers, this.#numberOf(answer)], locks }],
      }
    }
    switch (request.do) {
      case 'lock': {
        const isFree = !state.running.some(({ locks }) => locks.includes(request.project))
        const locks = isFree ? [...running.locks, request.project] : running.locks
        return [answered(isFree, state.world, locks), ...killed]
      }
      case 'unlock':
        return [answered(null, state.world, running.locks.slice(0, 1)), ...killed]
      case 'read':
        return [answered({ records: [...state.world.records.values()], objects: [...state.world.objects] }), ...killed]
      case 'edit':
        // Several records are written at once, in any order.
        return [
          ...request.edits.map((edit, index) => answered(index, withEdit(state.world, edit, this.#releases(running)))),
          ...killed,
        ]
      case 'change': {
        const project = this.#scenario.actors[running.actor]?.project ?? ''
        return [answered(null, withChange(state.world, request.change, project, fail)), ...killed]
      }
    }
  }

  #releases(running: Running): boolean {
    return this.#scenario.actors[running.actor]?.releases !== undefined
  }

  #request(running: Running): Request | 'done' {
    const key = JSON.stringify([running.actor, running.run, running.answers])
    const known = this.#requests.get(key)
    if (known !== undefined) return known
    const program = runOf(this.#scenario, running)
    let step = program.next()
    for (const answer of running.answers) step = program.next(this.#answers[answer])
    const request = step.done === true ? 'done' : step.value
    this.#requests.set(key, request)
    return request
  }
}

function withEdit(world: World, { base, target }: RecordEdit, releases: boolean): World {
  const name = recordName(target)
  const current = world.records.get(name) ?? emptyRecord(target.project, target.vhost)
  const merged = mergeRecords(base, target, current)
  const records = new Map(world.records)
  if (isEmptyRecord(merged)) records.delete(name)
  else records.set(name, merged)
  const owners = new Map(world.owners)
  const before = new Set(addressesIn(current))
  const after = addressesIn(merged)
  for (const at of after) if (!before.has(at)) owners.set(at, target.project)
  if (releases) for (const at of before) if (isReleased(at, target.project, records)) owners.delete(at)
  return { ...world, records, owners }
}

/** Whether a project gave up an object. A user may be in the records of several virtual hosts. */
function isReleased(at: string, project: string, records: ReadonlyMap<string, OwnershipRecord>): boolean {
  return ![...records.values()].some((each) => each.project === project && addressesIn(each).includes(at))
}

function withChange(world: World, { action, address }: Change, project: string, fail: (fault: string) => void): World {
  const objects = new Set(world.objects)
  const owners = new Map(world.owners)
  if (action === 'create') {
    objects.add(address)
    // Its record may still contain it, after a killed run that had deleted it.
    if (!owners.has(address)) owners.set(address, project)
  }
  if (action !== 'delete') return { ...world, objects, owners }
  const naming = [...world.records.values()].filter((each) => addressesIn(each).includes(address))
  const others = [...new Set(naming.map((each) => each.project))].filter((each) => each !== project)
  const owner = owners.get(address)
  if (owner !== project) fail(`${project} deletes ${address}, which ${owner} owns`)
  if (others.length > 0) fail(`${project} deletes ${address}, which a record of ${others.join(' and ')} names`)
  objects.delete(address)
  owners.delete(address)
  return { ...world, objects, owners }
}
