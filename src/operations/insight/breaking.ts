import { readCompiled } from '../../desired/load/read-compiled.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { BREAKING_RULES } from '../../insight/breaking/breaking-rules.ts'
import { findBreaking } from '../../insight/breaking/find-breaking.ts'
import { loadSchemaComparison } from '../../insight/breaking/schemas/compare-schemas.ts'
import type { BreakingFinding, NotContained, OtherProject, TopologyVersion } from '../../insight/breaking/version.ts'
import { NEWEST_VERSION } from '../../model/broker-version.ts'
import type { Desired } from '../../model/desired.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { topologyOf } from '../../model/topology.ts'
import type { TopologyOptions } from '../session/options.ts'
import { loadVersion, oneOfSeveral, ownFilesWithin, readAgainst } from '../versions/earlier-version.ts'
import { withMaskedResult, withSecrets } from '../session/with-secrets.ts'

/** The versions that `breaking` compares. */
export interface BreakingOptions extends TopologyOptions {
  /**
   * The earlier version: a folder, a file, a compiled topology, a definitions file, or a commit of the git
   * repository.
   */
  readonly against: string
  /** Compiled topologies of other projects, which use objects of this one. Default: none. */
  readonly with?: readonly string[]
  /** Reasons why findings are allowed, by their id. Default: none. */
  readonly allow?: Readonly<Record<string, string>>
  /** The version of the broker, such as `4.3.6`. Default: the newest that warren knows. */
  readonly brokerVersion?: string
}

/** A finding and its remedy. */
export interface BreakingChange extends BreakingFinding {
  /** The remedy. Empty for a safe change. */
  readonly remedy: string
  /** The reason why it is allowed, if it is. */
  readonly allowed?: string
}

/** The effects of a change of a topology on its users. */
export interface BreakingReport {
  readonly project: string
  readonly against: string
  /** Breaking ones first. */
  readonly changes: readonly BreakingChange[]
  /** The parts that one of the versions does not contain; they are not compared. */
  readonly notCompared: readonly NotContained[]
  /** Ids in `allow` that match no finding. */
  readonly unusedAllowances: readonly string[]
}

/**
 * Compares topology files with an earlier version from the point of view of the topology's users: which programs fail,
 * or may fail, after the files are applied. Needs no broker.
 *
 * @throws {InvalidInputError} when a version is invalid
 * @throws {WarrenError} `INVALID_USAGE` when the earlier version is neither a file nor a commit, or when the commit
 *   contains none of the files
 * @throws {WarrenError} `INVALID_COMPILED_TOPOLOGY` when a compiled topology is not usable
 */
export async function breaking(options: BreakingOptions): Promise<BreakingReport> {
  return withMaskedResult(options, async (own) => {
    const current = await loadVersion(own)
    const old = await readAgainst(await ownFilesWithin(own))
    if (old === undefined) throw notThere(own)
    return report(own, old, current, await Promise.all((own.with ?? []).map(readOther)))
  })
}

/**
 * Compares several projects with an earlier version. The comparison knows the other projects of each environment, so an
 * object that moves between two projects does not count as removed. A project that the earlier version lacks is new.
 *
 * @param runs that are compared with the same commit or folder
 * @returns their reports in the same order
 * @throws {InvalidInputError} when a version is invalid
 * @throws {WarrenError} `INVALID_USAGE` when the earlier version is a file, or contains none of the projects
 * @throws {WarrenError} `INVALID_COMPILED_TOPOLOGY` when a compiled topology is not usable
 */
export async function breakingRuns(runs: readonly BreakingOptions[]): Promise<readonly BreakingReport[]> {
  // Secrets are masked at the end, because the loaded values are compared first.
  const secrets = new SecretRegistry()
  const loaded = await Promise.all(
    runs.map((run) =>
      withSecrets({ secrets, ...run }, async (own) => {
        const current = await loadVersion(own)
        return { own, current, old: await readAgainst(await oneOfSeveral(own)) }
      }),
    ),
  )
  const [first] = runs
  if (first !== undefined && loaded.every(({ old }) => old === undefined)) throw notThere(first)
  const reports = await Promise.all(
    loaded.map(({ own, old = NEW_PROJECT, current }) =>
      withMaskedResult(own, async () => {
        const given = await Promise.all((own.with ?? []).map(readOther))
        const besides = loaded.filter((each) => {
          return each.current.project !== current.project && environmentOf(each.own) === environmentOf(own)
        })
        return report(own, old, current, [...given, ...besides.map(asOther)])
      }),
    ),
  )
  const unused = reports.map(({ unusedAllowances }) => new Set(unusedAllowances))
  const inNone = (id: string) => unused.every((each) => each.has(id))
  return reports.map((each, at) => ({
    ...each,
    unusedAllowances: at === 0 ? each.unusedAllowances.filter(inNone) : [],
  }))
}

const NEW_PROJECT: TopologyVersion = {
  topology: topologyOf(() => []),
  routes: { publications: [], subscriptions: [] },
}

function asOther({
  current,
  old = NEW_PROJECT,
}: {
  current: Desired
  old?: TopologyVersion | undefined
}): OtherProject {
  const { project, topology } = current
  return { project, topology: old.topology, currentTopology: topology, routes: old.routes }
}

async function report(
  own: BreakingOptions,
  old: TopologyVersion,
  current: Desired,
  others: readonly OtherProject[],
): Promise<BreakingReport> {
  const versions = { old, current, others, brokerVersion: own.brokerVersion ?? NEWEST_VERSION }
  const found = findBreaking(versions, await loadSchemaComparison())
  const allow = new Map(Object.entries(own.allow ?? {}))
  const ids = new Set(found.map(({ id }) => id))
  return {
    project: current.project,
    against: own.against,
    changes: found.map((each) => {
      const allowed = allow.get(each.id)
      return { ...each, remedy: BREAKING_RULES[each.rule].remedy, ...(allowed !== undefined && { allowed }) }
    }),
    notCompared: old.lacks ?? [],
    unusedAllowances: [...allow.keys()].filter((id) => !ids.has(id)),
  }
}

/** Whether there are breaking changes that are not allowed. */
export function isBreaking({ changes }: Pick<BreakingReport, 'changes'>): boolean {
  return changes.some((each) => each.class === 'breaking' && each.allowed === undefined)
}

function notThere({ against, paths }: BreakingOptions): WarrenError {
  return new WarrenError(`${against} has none of the files: ${paths.join(', ')}`, {
    code: 'INVALID_USAGE',
    hint: 'compare with a commit that has them',
  })
}

function environmentOf({ environmentName, inEnvironment }: BreakingOptions): string | undefined {
  return environmentName ?? inEnvironment?.name
}

async function readOther(path: string): Promise<OtherProject> {
  const { project, routes, exchanges, queues, bindings } = await readCompiled(path)
  return { project, routes, topology: { exchanges, queues, bindings } }
}
