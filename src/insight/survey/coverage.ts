import type { UnknownPart } from '../../broker/snapshot/unknown.ts'
import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import type { SurveyedObject } from './surveyed-object.ts'

/** The share of objects that warren manages. */
export interface Coverage {
  /**
   * The share of managed objects, in percent with one decimal, rounded down; 100 if there is nothing to manage.
   * Absent if something that it depends on could not be read.
   */
  readonly percent?: number
  /** The number of counted objects, managed or not. */
  readonly objects: number
  /** Objects that a project owns or has adopted; absent if owners are unknown. */
  readonly managed?: number
  /** The managed objects that existed before and were adopted; absent if owners are unknown. */
  readonly adopted?: number
  /** Absent if owners are unknown. */
  readonly unmanaged?: number
  /** Objects without an owner that do not need to be declared; they do not count. */
  readonly setAside: { readonly transient: number; readonly framework: number }
  /** By project, the largest first. */
  readonly projects: readonly ProjectCoverage[]
  /** By the label `owner` in the files; absent without files. */
  readonly labels?: LabelCoverage
}

export interface ProjectCoverage {
  readonly project: string
  readonly managed: number
  readonly adopted: number
}

/** Existing objects that the given files declare, by the label `owner` of their declarations. */
export interface LabelCoverage {
  readonly owners: readonly { readonly owner: string; readonly objects: number }[]
  /** Declared without the label. */
  readonly unlabelled: number
  /** Not declared in the given files. */
  readonly undeclared: number
}

/** The addresses that files declare, with the label `owner` where there is one. */
export type DeclaredOwners = ReadonlyMap<string, string | undefined>

/** Parts that have to be readable to know which objects exist. */
const OBJECT_PARTS: ReadonlySet<UnknownPart> = new Set<UnknownPart>([
  'vhost',
  'exchanges',
  'queues',
  'bindings',
  'policies',
  'operator-policies',
  'parameters',
])

/** The readable data for the coverage of a vhost, or of a whole snapshot. */
export interface CoverageKnown {
  /** Whether all objects that count were read. */
  readonly objects: boolean
  /** Whether all records of ownership were read. */
  readonly owners: boolean
}

export function coverageKnown(
  { owners, unknown }: Pick<Snapshot, 'owners' | 'unknown'>,
  vhost?: string,
): CoverageKnown {
  const parts = unknown.filter((each) => vhost === undefined || (each.vhost ?? vhost) === vhost).map(({ what }) => what)
  return {
    objects: !parts.some((each) => OBJECT_PARTS.has(each)),
    owners: owners !== undefined && !parts.includes('damaged-owners'),
  }
}

/** Counts how many objects are managed. */
export function coverageOf(
  objects: readonly SurveyedObject[],
  known: CoverageKnown,
  declared?: DeclaredOwners,
): Coverage {
  const projects = new Map<string, { managed: number; adopted: number }>()
  let [adopted, unmanaged, transient, framework] = [0, 0, 0, 0]
  for (const { owner, setAside } of objects) {
    if (owner === undefined) {
      if (setAside === undefined) unmanaged += 1
      else if (setAside === 'transient') transient += 1
      else framework += 1
      continue
    }
    const counts = projects.get(owner.project) ?? { managed: 0, adopted: 0 }
    projects.set(owner.project, counts)
    counts.managed += 1
    if (owner.state !== 'adopted') continue
    counts.adopted += 1
    adopted += 1
  }
  const managed = [...projects.values()].reduce((sum, each) => sum + each.managed, 0)
  return {
    ...(known.objects && known.owners && { percent: percentOf(managed, managed + unmanaged) }),
    objects: managed + unmanaged,
    ...(known.owners && { managed, adopted, unmanaged }),
    setAside: { transient, framework },
    projects: Array.from(projects, ([project, counts]) => ({ project, ...counts })).toSorted(
      (a, b) => b.managed - a.managed || (a.project < b.project ? -1 : 1),
    ),
    ...(declared && { labels: labelCoverage(objects, declared) }),
  }
}

/**
 * Whether at least this share of objects is managed; undefined if it is unknown.
 *
 * @param least in percent, from 0 to 100
 */
export function reachesCoverage({ percent, managed, objects }: Coverage, least: number): boolean | undefined {
  if (percent === undefined || managed === undefined) return undefined
  return managed * 100 >= least * objects
}

/** Rounded down, so that it is 100 only if nothing is missing. */
function percentOf(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.floor((part * 1_000) / whole) / 10
}

function labelCoverage(objects: readonly SurveyedObject[], declared: DeclaredOwners): LabelCoverage {
  const owners = new Map<string, number>()
  let [unlabelled, undeclared] = [0, 0]
  for (const { address, setAside } of objects) {
    if (!declared.has(address)) {
      if (setAside === undefined) undeclared += 1
      continue
    }
    const owner = declared.get(address)
    if (owner === undefined) unlabelled += 1
    else owners.set(owner, (owners.get(owner) ?? 0) + 1)
  }
  return {
    owners: Array.from(owners, ([owner, count]) => ({ owner, objects: count })).toSorted(
      (a, b) => b.objects - a.objects || (a.owner < b.owner ? -1 : 1),
    ),
    unlabelled,
    undeclared,
  }
}
