import type { Snapshot, SnapshotSource, StatisticsModes, VhostSnapshot } from '../../broker/snapshot/snapshot.ts'
import type { Unread, UnknownPart } from '../../broker/snapshot/unknown.ts'
import type { FrameworkObject } from '../frameworks/framework-object.ts'
import { groupByPrefix } from '../groups/group-by-prefix.ts'
import { consumingPrograms, countByQueue, type ConsumingProgram } from './clients.ts'
import { type Coverage, coverageKnown, coverageOf, type DeclaredOwners } from './coverage.ts'
import { countsOfBroker, countsOfVhost, type KindCount } from './count-kinds.ts'
import type { Evidence } from './evidence.ts'
import { type BrokerLint, countFindings, type JudgedBroker, type LintCounts } from './lint-counts.ts'
import { standsOut, type StandOut } from './stands-out.ts'
import { surveyedObjects, type SurveyedObject } from './surveyed-object.ts'
import { type UnmanagedObject, unmanagedObjects } from './unmanaged.ts'

/** The contents of a broker, and the share that is managed. */
export interface Survey {
  readonly source: SnapshotSource
  /** For all vhosts that were read. */
  readonly coverage: Coverage
  readonly vhosts: readonly SurveyedVhost[]
  /** Objects of the whole broker, by kind. */
  readonly counts: readonly KindCount[]
  /** Findings of lint. Absent in a survey without rules. */
  readonly lint?: BrokerLint
  /** Absent for a definitions file. */
  readonly statistics?: StatisticsModes
  /** The parts that could not be read. */
  readonly unknown: readonly Unread[]
  /** Absent unless a sample was taken. */
  readonly evidence?: Evidence
  /** Absent unless requested, and if owners are unknown. */
  readonly unmanaged?: readonly UnmanagedObject[]
}

export interface SurveyedVhost {
  readonly name: string
  readonly counts: readonly KindCount[]
  readonly coverage: Coverage
  readonly groups: readonly SurveyedGroup[]
  /** The number of queues without a group. */
  readonly ungrouped: number
  readonly frameworks: readonly SurveyedFramework[]
  /** Absent if consumers are unknown. */
  readonly programs?: readonly ConsumingProgram[]
  readonly standsOut: readonly StandOut[]
  /** Lint findings about its objects. Absent if its objects could not all be read, and in a survey without rules. */
  readonly lint?: LintCounts
}

/** Queues whose names have a common prefix. */
export interface SurveyedGroup {
  readonly name: string
  readonly queues: number
  /** The sum for the queues whose number is known; absent if no number is known. */
  readonly messages?: number
  /** The number of queues whose number of messages is unknown, such as streams. */
  readonly messagesUnknown?: number
  /** Absent if unknown. */
  readonly consumers?: number
}

/** The objects of a framework in a vhost. */
export interface SurveyedFramework {
  readonly framework: string
  /** The number of objects of each part, such as `event queue`. */
  readonly parts: Readonly<Record<string, number>>
}

export interface SurveyInput {
  /** Objects of frameworks, by address. */
  readonly frameworks: ReadonlyMap<string, FrameworkObject>
  /** The declarations in files. Default: no files */
  readonly declared?: DeclaredOwners
  /** Lists the unmanaged objects whose addresses match one of these globs (all if empty). Default: no list */
  readonly unmanaged?: readonly string[]
  readonly evidence?: Evidence
  /** The lint findings. Default: lint did not run */
  readonly judged?: JudgedBroker
}

/** Computes a survey of a snapshot. */
export function makeSurvey(snapshot: Snapshot, input: SurveyInput): Survey {
  const { source, statistics, unknown, live } = snapshot
  const version = live.broker.version
  const owners = snapshot.owners ?? new Map()
  const vhosts = snapshot.vhosts.map((vhost) => ({
    vhost,
    objects: surveyedObjects(vhost, owners, input.frameworks),
  }))
  const { declared, unmanaged: targets, judged } = input
  const names = snapshot.vhosts.map(({ name }) => name)
  const lint = judged && countFindings(judged, names, unknown)
  return {
    source,
    coverage: coverageOf(
      vhosts.flatMap(({ objects }) => objects),
      coverageKnown(snapshot),
      declared,
    ),
    ...(lint && { lint: lint.broker }),
    vhosts: vhosts.map(({ vhost, objects }) => ({
      name: vhost.name,
      counts: countsOfVhost(vhost.topology, vhost.untouchable, unreadIn(unknown, vhost.name)),
      coverage: coverageOf(objects, coverageKnown(snapshot, vhost.name), declared),
      ...groupsOf(vhost),
      frameworks: frameworksOf(objects, input.frameworks),
      ...(vhost.consumers && { programs: consumingPrograms(vhost.consumers) }),
      standsOut: standsOut(vhost, version),
      ...lintOf(lint?.vhosts, vhost.name),
    })),
    counts: countsOfBroker(live.topology, unreadIn(unknown)),
    ...(statistics && { statistics }),
    unknown,
    ...(input.evidence && { evidence: input.evidence }),
    ...(targets &&
      coverageKnown(snapshot).owners && {
        unmanaged: vhosts.flatMap(({ vhost, objects }) => unmanagedObjects(vhost, objects, input.frameworks, targets)),
      }),
  }
}

function lintOf(counts: ReadonlyMap<string, LintCounts> | undefined, vhost: string): Pick<SurveyedVhost, 'lint'> {
  const lint = counts?.get(vhost)
  return lint === undefined ? {} : { lint }
}

/** The unknown parts of a vhost, or of the whole broker. */
function unreadIn(unknown: readonly Unread[], vhost?: string): ReadonlySet<UnknownPart> {
  return new Set(unknown.filter((each) => each.vhost === undefined || each.vhost === vhost).map(({ what }) => what))
}

function groupsOf({ topology, contents, consumers }: VhostSnapshot): Pick<SurveyedVhost, 'groups' | 'ungrouped'> {
  const { groups, rest } = groupByPrefix(topology.queues.map(({ name }) => name))
  const consuming = consumers && countByQueue(consumers)
  const sum = (queues: readonly string[], of: (queue: string) => number) =>
    queues.reduce((total, each) => total + of(each), 0)
  return {
    groups: groups.map(({ name, queues }) => {
      const known = queues.filter((each) => contents?.has(each) === true)
      const unknown = queues.length - known.length
      return {
        name,
        queues: queues.length,
        ...(known.length > 0 && { messages: sum(known, (each) => contents?.get(each)?.messages ?? 0) }),
        ...(contents && unknown > 0 && { messagesUnknown: unknown }),
        ...(consuming && { consumers: sum(queues, (each) => consuming.get(each) ?? 0) }),
      }
    }),
    ungrouped: rest.length,
  }
}

function frameworksOf(
  objects: readonly SurveyedObject[],
  recognized: ReadonlyMap<string, FrameworkObject>,
): SurveyedFramework[] {
  const frameworks = new Map<string, Map<string, number>>()
  for (const { address, kind } of objects) {
    const found = recognized.get(address)
    if (found === undefined || kind === 'binding') continue
    const parts = frameworks.get(found.framework) ?? new Map<string, number>()
    frameworks.set(found.framework, parts)
    parts.set(found.what, (parts.get(found.what) ?? 0) + 1)
  }
  return Array.from(frameworks, ([framework, parts]) => ({
    framework,
    parts: Object.fromEntries([...parts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  })).toSorted((a, b) => (a.framework < b.framework ? -1 : 1))
}
