import { address } from '../model/address.ts'
import type { Desired } from '../model/desired.ts'
import { type Declared, KINDS, objectsOf, type Topology } from '../model/topology.ts'
import { addressOfSubject, type Subject } from './steps/subject.ts'

/** An object that another project of the same run declares. */
export interface ObjectOfRun {
  readonly project: string
  readonly subject: Subject
}

/** The objects that other projects of the same run declare, by address: they count as present. */
export type DeclaredByRun = ReadonlyMap<string, ObjectOfRun>

/** The part of a project that others may refer to. */
type Project = Pick<Desired, 'project' | 'topology'>

/** The part of a project that others refer to or hand objects over to. */
export type ProjectOfRun = Pick<Desired, 'project' | 'topology' | 'handOver'>

/** Lists the objects that the other projects of a run declare themselves. */
export function declaredByOthers(project: string, all: readonly Project[]): DeclaredByRun {
  const others = all.filter((each) => each.project !== project)
  return new Map(
    others.flatMap((other) =>
      subjectsOf(other.topology)
        .filter(isOwn)
        .map((subject) => [addressOfSubject(subject), { project: other.project, subject }] as const),
    ),
  )
}

const declaredIn = new WeakMap<Topology, ReadonlySet<string>>()

/** The addresses of the objects that a topology declares itself. */
export function ownAddresses(topology: Topology): ReadonlySet<string> {
  const known = declaredIn.get(topology) ?? new Set(subjectsOf(topology).filter(isOwn).map(addressOfSubject))
  declaredIn.set(topology, known)
  return known
}

/** A project with the other projects of the run whose objects it refers to. */
export interface ProjectWithNeeds {
  readonly project: string
  readonly needs: ReadonlySet<string>
}

/**
 * Orders the projects of a run by their references: each group after those that it refers to. A group with several
 * projects is a cycle of references. Independent projects keep their order.
 */
export function orderOfProjects(all: readonly Project[]): readonly (readonly string[])[] {
  return orderByNeeds(all.map((each) => ({ project: each.project, needs: projectsReferredTo(each, all) })))
}

/** Orders projects by their needs, like `orderOfProjects`. */
export function orderByNeeds(nodes: readonly ProjectWithNeeds[]): readonly (readonly string[])[] {
  const reach = new Map(nodes.map(({ project }) => [project, reachableFrom(project, nodes)]))
  const left = [...nodes]
  const groups: string[][] = []
  while (left.length > 0) {
    const first = left.find(({ project }) =>
      [...(reach.get(project) ?? [])].every(
        (other) => !left.some((each) => each.project === other) || reach.get(other)?.has(project),
      ),
    )
    const group = left
      .filter(
        ({ project }) =>
          project === first?.project ||
          (first !== undefined && reach.get(first.project)?.has(project) && reach.get(project)?.has(first.project)),
      )
      .map(({ project }) => project)
    groups.push(group)
    for (const project of group)
      left.splice(
        left.findIndex((each) => each.project === project),
        1,
      )
  }
  return groups
}

function reachableFrom(start: string, nodes: readonly ProjectWithNeeds[]): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = [start]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const need of nodes.find(({ project }) => project === next)?.needs ?? []) {
      if (reached.has(need)) continue
      reached.add(need)
      open.push(need)
    }
  }
  return reached
}

function projectsReferredTo({ project, topology }: Project, all: readonly Project[]): ReadonlySet<string> {
  const others = declaredByOthers(project, all)
  return new Set(
    subjectsOf(topology)
      .flatMap(referencesOf)
      .flatMap((at) => others.get(at)?.project ?? []),
  )
}

/** The address of an object of another project, and those of the exchanges that an own object names. */
function referencesOf(subject: Subject): string[] {
  if (!isOwn(subject)) return [addressOfSubject(subject)]
  if (subject.kind !== 'queue' && subject.kind !== 'exchange') return []
  const { arguments: table, vhost } = subject.object
  return [table['x-dead-letter-exchange'], table['alternate-exchange']].flatMap((name) =>
    typeof name === 'string' && name !== '' ? [address('exchange', vhost, name)] : [],
  )
}

/** Whether a project declares an object itself, instead of only referring to it. */
function isOwn({ kind, object }: Subject): boolean {
  return kind === 'vhost' ? object.claimed : (object as Declared).external !== true
}

function subjectsOf(topology: Topology): readonly Subject[] {
  return KINDS.flatMap((kind) => objectsOf(kind, topology).map((object) => ({ kind, object }) as Subject))
}

/** The virtual hosts that other projects of the run create, where the broker also grants all rights to the creator. */
export function missingVhosts({ vhosts }: Topology, others: readonly Subject[]): string[] {
  const there = new Set(vhosts.map(({ name }) => name))
  return others.flatMap(({ kind, object }) => (kind === 'vhost' && !there.has(object.name) ? [object.name] : []))
}

/**
 * Adds the exchanges that other projects of the run declare, because the broker checks topic permissions by the type
 * of an exchange.
 */
export function withExchanges(live: Topology, others: readonly Subject[]): Topology {
  const exchanges = others.flatMap(({ kind, object }) => (kind === 'exchange' ? [object] : []))
  return exchanges.length === 0 ? live : { ...live, exchanges: [...exchanges, ...live.exchanges] }
}
