import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import { declare } from '../../desired/declaration/declare.ts'
import { expand } from '../../desired/expand/expand.ts'
import { schemaReader } from '../../desired/load/schema-reader.ts'
import type { SourceFile } from '../../desired/source/source-file.ts'
import { explainFinding, type Finding } from '../../diagnostics/findings/finding.ts'
import type { Location } from '../../diagnostics/location.ts'
import { addressOf } from '../../model/address.ts'
import type { Desired } from '../../model/desired.ts'
import type { NotExported } from '../../model/not-exported.ts'
import {
  type Declared,
  type Kind,
  KINDS,
  type ObjectOf,
  objectsOf,
  type Topology,
  topologyOf,
} from '../../model/topology.ts'
import { withoutNotExported } from '../../plan/compare/without-not-exported.ts'
import { makePlan } from '../../plan/make-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import { resolvePasswords } from '../files/resolve-passwords.ts'
import { ownershipOfRecords } from '../change/planned.ts'

/** The files of one project of an export. */
export interface ExportedProject {
  readonly project: string
  readonly sources: readonly SourceFile[]
}

/** An object that the files of an export cannot declare, and why. */
export interface Refused {
  readonly addresses: readonly string[]
  /** Objects that are involved. */
  readonly related: readonly string[]
  readonly finding: Finding
}

/** The result of comparing the files of one project with the source. */
export interface VerifiedProject {
  readonly project: string
  /** The objects that the loader refuses. */
  readonly refused: readonly Refused[]
  /** Differences, one line each; empty if the plan is empty. */
  readonly differences: readonly string[]
  /** Addresses of objects that differ. */
  readonly changed: readonly string[]
  /** Addresses of objects that an apply would adopt. */
  readonly adopts: readonly string[]
  /** Addresses of the objects that the files declare, without external ones. */
  readonly declared: readonly string[]
}

/** Loads the files of a project from memory, and plans them against the source. */
export async function verifyProject(
  { project, sources }: ExportedProject,
  live: IndexedSnapshot,
  environment: Readonly<Record<string, string>>,
): Promise<VerifiedProject> {
  const declared = await declare({ sources, overlays: [], environment, variables: {}, vhosts: {} })
  const found = declared.partial?.declaration ?? declared.declaration
  const expanded = found && expand(found, schemaReader().readSchema)
  const findings = [...declared.findings, ...(expanded?.findings ?? [])]
  const errors = findings.filter((each) => explainFinding(each).severity === 'error')
  if (errors.length > 0 || declared.declaration === undefined || expanded === undefined) {
    const topology = expanded?.desired.topology
    const subjects = (places: readonly Location[]) => (topology ? subjectsAt(places, topology) : [])
    const refused = errors.map((each) => ({
      finding: each,
      addresses: subjects(each.location ? [each.location] : []),
      related: subjects((each.related ?? []).map(({ location }) => location)),
    }))
    return { project, refused, differences: [], changed: [], adopts: [], declared: [] }
  }
  const desired = await resolvePasswords(expanded.desired, environment, {})
  const plan = planAgainstSnapshot(desired, live)
  return {
    project,
    refused: [],
    differences: differencesIn(plan),
    changed: [...plan.changes, ...plan.blocks].flatMap(({ address }) => address ?? []),
    adopts: plan.ownership.adopts,
    declared: declaredBy(desired.topology),
  }
}

/** For each position, the last object that is declared before it. */
function subjectsAt(places: readonly Location[], topology: Topology): readonly string[] {
  return places.flatMap(({ file, line }) => {
    let best = 0
    let addresses: string[] = []
    const look = <K extends Kind>(kind: K): void => {
      for (const object of objectsOf(kind, topology)) {
        const { origin } = object as Declared
        if (origin?.file !== file || origin.line > line || origin.line < best) continue
        if (origin.line > best) addresses = []
        best = origin.line
        addresses.push(addressOf(kind, object))
      }
    }
    for (const kind of KINDS) look(kind)
    return addresses
  })
}

/** A snapshot with an index by address, because each of hundreds of projects declares only a few objects. */
export class IndexedSnapshot {
  readonly snapshot: Snapshot
  readonly #objects = new Map<string, ObjectOf[Kind]>()

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot
    const add = <K extends Kind>(kind: K): void => {
      for (const object of objectsOf(kind, snapshot.live.topology)) this.#objects.set(addressOf(kind, object), object)
    }
    for (const kind of KINDS) add(kind)
  }

  /** The existing objects that a topology declares or refers to, with all virtual hosts. */
  sought(desired: Topology): Topology {
    return topologyOf(<K extends Kind>(kind: K): readonly ObjectOf[K][] => {
      if (kind === 'vhost') return objectsOf(kind, this.snapshot.live.topology)
      return objectsOf(kind, desired).flatMap((object) => {
        const found = this.#objects.get(addressOf(kind, object))
        return found === undefined ? [] : [found as ObjectOf[K]]
      })
    })
  }
}

function planAgainstSnapshot(desired: Desired, indexed: IndexedSnapshot): Plan {
  const { live, records, unknown } = indexed.snapshot
  const topology = indexed.sought(desired.topology)
  const vhosts = new Set(desired.topology.vhosts.map(({ name }) => name))
  const missing = new Set(
    unknown.filter(({ vhost }) => vhost === undefined || vhosts.has(vhost)).map(({ what }) => what as NotExported),
  )
  const kinds = NOT_COMPARED.filter((each) => missing.has(each))
  const { desired: comparable } = withoutNotExported(desired.topology, topology, kinds)
  const known = records ?? { ownership: [], damaged: [], journals: [], damagedJournals: [] }
  return makePlan({
    project: desired.project,
    files: { paths: [], count: 0, overlays: [] },
    desired: comparable,
    live: {
      ...live,
      topology,
      ownership: ownershipOfRecords({ records: known, topology: live.topology }, desired.project),
    },
  })
}

const NOT_COMPARED: readonly NotExported[] = [
  'exchanges',
  'queues',
  'bindings',
  'policies',
  'operator-policies',
  'parameters',
  'vhost-limits',
  'users',
  'permissions',
  'topic-permissions',
  'global-parameters',
  'internal-exchanges',
  'vhost-metadata',
]

function differencesIn({ changes, blocks, unknowns }: Plan): string[] {
  return [
    ...changes.map((change) => {
      const paths = 'differences' in change ? change.differences.map(({ property }) => property).join(', ') : ''
      return `${change.action} ${change.address}${paths === '' ? '' : ` (${paths})`}`
    }),
    ...blocks.map((block) => `blocked ${block.address ?? ''} (${block.reason})`),
    ...unknowns.map(({ address, property }) => `unknown ${address} (${property})`),
  ]
}

function declaredBy(topology: Topology): string[] {
  const ofKind = <K extends Kind>(kind: K) =>
    objectsOf(kind, topology).flatMap((object) => {
      const isOthers = (object as Declared).external === true
      const isReferred = kind === 'vhost' && !topology.vhosts.some((each) => each === object && each.claimed)
      return isOthers || isReferred ? [] : [addressOf(kind, object)]
    })
  return KINDS.flatMap((kind) => ofKind(kind))
}
