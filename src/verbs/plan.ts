import { InvalidInputError } from '../diagnostics/warren-error.ts'
import type { Finding } from '../diagnostics/finding.ts'
import type { Live } from '../live/live.ts'
import { readLive } from '../live/read-live.ts'
import { scopeOf } from '../live/scope-of.ts'
import { loadTopology } from '../load/load-topology.ts'
import { ManagementClient } from '../management/client.ts'
import { waitForBroker } from '../management/wait-for-broker.ts'
import type { Desired } from '../model/desired.ts'
import { secretsOf } from '../model/hide-logins.ts'
import type { Secret } from '../model/secret.ts'
import type { Topology } from '../model/topology.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { checkReadingRights } from './check-rights.ts'
import type { BrokerOptions, TopologyOptions } from './options.ts'
import { resolvePasswords } from './resolve-passwords.ts'

/** A plan, and what is needed to show it. */
export interface Planned {
  readonly plan: Plan
  /** Warnings about the files. */
  readonly findings: readonly Finding[]
  /** The texts of the files by their shown path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
  /** Texts from `${file:}` that must be shown nowhere. */
  readonly secrets: readonly Secret[]
}

/** All that an apply needs of a plan. */
export interface PlannedWithLive extends Planned {
  readonly desired: Desired
  readonly live: Live
}

/**
 * Compares the files with the live broker.
 *
 * @throws {InvalidInputError} when the files are not usable; the broker is not contacted then
 * @throws {UnreachableError} when the broker cannot be reached
 */
export async function plan(options: TopologyOptions & BrokerOptions): Promise<Planned> {
  const client = new ManagementClient(options.connection)
  try {
    const { live: _live, desired: _desired, ...planned } = await planWith(client, options)
    return planned
  } finally {
    await client.close()
  }
}

/** The same over a connection that the caller keeps. */
export async function planWith(
  client: ManagementClient,
  options: TopologyOptions & BrokerOptions,
): Promise<PlannedWithLive> {
  const environment = options.environment ?? {}
  const { desired: declared, findings, sources, variables } = await loadTopology({ ...options, environment })
  if (declared === undefined) throw new InvalidInputError(findings, sources)
  const desired = await resolvePasswords(declared, environment, variables)
  await waitForBroker(client, options.wait ?? 0)
  const live = await readLive(client, scopeOf(desired.topology))
  checkReadingRights(live, desired.topology)
  const files = {
    paths: options.paths,
    count: sources.size - (options.overlays?.length ?? 0),
    overlays: options.overlays ?? [],
  }
  return {
    plan: makePlan({ project: desired.project, files, desired: desired.topology, live }),
    findings,
    sources,
    secrets: [...desired.secrets, ...secretsIn(desired.topology), ...secretsIn(live.topology)],
    desired,
    live,
  }
}

/** URIs with a login, which a broker may repeat in what it says of a parameter. */
function secretsIn({ parameters, globalParameters }: Topology): Secret[] {
  return [...parameters, ...globalParameters].flatMap(({ value }) => secretsOf(value))
}
