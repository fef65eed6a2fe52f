import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import type { LoadOptions } from '../../desired/load/load-topology.ts'
import type { OtherProject } from '../../insight/lint/lint-context.ts'
import { loadFiles } from '../files/load-files.ts'
import type { LintFinding } from '../../insight/lint/lint.ts'
import { outsideRepository } from '../../desired/workspace/outside-repository.ts'
import type { Live, Records } from '../../broker/live/live.ts'
import type { Desired } from '../../model/desired.ts'
import { addressOf } from '../../model/address.ts'
import { type Kind, KINDS, objectsOf, type Topology } from '../../model/topology.ts'
import type { DeclaredByRun } from '../../plan/declared-by-run.ts'
import { maskPlan } from '../../plan/saved/mask-plan.ts'
import type { Plan, PlannedFiles } from '../../plan/plan.ts'
import { KnownAddresses } from '../../broker/records/entry.ts'
import { type Ownership, ownershipOf } from '../../broker/records/ownership.ts'
import type { PlanSurvey } from '../../insight/survey/survey-for-plan.ts'
import type { BrokerOptions, TopologyOptions } from '../session/options.ts'
import { resolvePasswords } from '../files/resolve-passwords.ts'
import { registerTopology } from '../../model/secrets/register-secrets.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'

/** A plan, and the data that is needed to print it. */
export interface Planned {
  /** Plain data with its secrets masked, for `formatPlan` or a program's own use. */
  readonly plan: Plan
  /** Warnings about the files. */
  readonly findings: readonly Finding[]
  /** The texts of the files by their shown path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
  /** Lint findings about objects that the plan changes; absent without lint. */
  readonly lint?: readonly LintFinding[]
  /** The live objects of the broker; absent for a plan against a definitions file. */
  readonly live?: Topology
  /** The unmanaged objects in the vhosts of the plan; absent unless requested. */
  readonly survey?: PlanSurvey
  /**
   * The owners in the broker's records; absent if they are unknown.
   *
   * @internal for saved plans
   */
  readonly ownership?: Ownership
  /**
   * The objects that other projects of the same run declare; absent if there are none.
   *
   * @internal for saved plans
   */
  readonly declaredByRun?: DeclaredByRun
}

/** The desired state of the files, with passwords resolved if possible, and the plan's information about the files. */
export interface LoadedForPlan extends Pick<Planned, 'findings' | 'sources'> {
  readonly desired: Desired
  readonly files: PlannedFiles
  /** All warnings about the files, for lint, which filters them itself. */
  readonly unjudged: readonly Finding[]
}

/**
 * @param others the other projects of the run. Default: none
 * @throws {InvalidInputError} when the files are not usable
 */
export async function loadForPlan(
  options: TopologyOptions & Pick<LoadOptions, 'beforeParsing'>,
  others: readonly OtherProject[] = [],
): Promise<LoadedForPlan> {
  const environment = options.environment ?? {}
  const { desired, sources, variables, templates, ...found } = await loadFiles(options, others)
  const { findings, unjudged } = found
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  const overlays = options.overlays ?? []
  const outside = await outsideRepository(templates)
  const resolved = await resolvePasswords(desired, environment, variables)
  if (options.secrets) registerTopology(options.secrets, resolved.topology)
  return {
    desired: resolved,
    findings,
    unjudged,
    sources,
    files: {
      paths: options.paths,
      count: sources.size - overlays.length,
      overlays,
      ...(outside.length > 0 && { templatesOutside: outside }),
    },
  }
}

/** The environment of a run, as its plan names it. */
export function plannedEnvironment({
  inEnvironment,
  unusedVariables = [],
}: Pick<TopologyOptions, 'inEnvironment'> & Pick<BrokerOptions, 'unusedVariables'>): Pick<Plan, 'environment'> {
  return inEnvironment === undefined ? {} : { environment: { name: inEnvironment.name, unusedVariables } }
}

const originals = new WeakMap<Plan, { readonly plan: Plan; readonly secrets: SecretRegistry }>()

/** A plan as the library returns it, without secrets, so that printing or saving it is safe. */
export function shownPlan<P extends Plan>(plan: P, secrets: SecretRegistry): P {
  const shown = maskPlan(plan, secrets)
  originals.set(shown, { plan, secrets })
  return shown
}

/** The original of a masked plan, which can be executed. */
export function originalOf(plan: Plan): Plan {
  return originals.get(plan)?.plan ?? plan
}

/** The secrets of the run that a shown plan comes from. */
export function secretsOfRun(plan: Plan): SecretRegistry {
  return originals.get(plan)?.secrets ?? new SecretRegistry()
}

/**
 * Reads ownership from the records of a broker, from the point of view of a project. It is empty if the login may not
 * read them.
 *
 * @param desired the objects that the project declares; entries of other projects may refer to them
 */
export function ownershipIn(
  { records, topology }: Pick<Live, 'records' | 'topology'>,
  project: string,
  desired?: Topology,
): { readonly ownership?: Ownership } {
  return records === undefined ? {} : { ownership: ownershipOfRecords({ records, topology }, project, desired) }
}

/** Reads ownership from records, from the point of view of a project. */
export function ownershipOfRecords(
  { records, topology }: { readonly records: Records; readonly topology: Topology },
  project: string,
  desired?: Topology,
): Ownership {
  const known = new KnownAddresses(() => [topology, ...(desired ? [desired] : [])].flatMap(addressesOf))
  return ownershipOf(project, records.ownership, records.damaged, known)
}

/** The addresses of all objects of a topology. */
export function addressesOf(topology: Topology): string[] {
  const ofKind = <K extends Kind>(kind: K) => objectsOf(kind, topology).map((each) => addressOf(kind, each))
  return KINDS.flatMap((kind) => ofKind(kind))
}
