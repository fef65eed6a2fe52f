import { explainFinding } from '../../diagnostics/findings/finding.ts'
import { errorMessage } from '../../diagnostics/thrown.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import { UnreachableError } from '../../broker/management/errors.ts'
import type { ReceivedQueueMetrics } from '../../broker/management/answers/received-metrics.ts'
import { reads } from '../../broker/management/reads.ts'
import { SharedReads } from '../../broker/management/shared-reads.ts'
import { address, addressOf } from '../../model/address.ts'
import type { Desired } from '../../model/desired.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { KINDS, objectsOf } from '../../model/topology.ts'
import type {
  EnvironmentObservation,
  ProjectObservation,
  SeenProject,
  SeenQueue,
} from '../../operate/drift/observation.ts'
import { driftOfChange, type ObservedDrift } from '../../operate/drift/observed-drift.ts'
import type { Planned } from '../change/planned.ts'
import { type PlannedRun, planValidated, type PlanRunOptions } from '../workspace/plan-runs.ts'
import { validateRuns } from '../workspace/validate-runs.ts'
import { driftIn } from './drift.ts'

/** The projects of one environment, which share a broker. */
export interface WatchedEnvironment {
  /** Absent if there is none. */
  readonly name?: string
  readonly runs: readonly PlanRunOptions[]
}

/**
 * Compares the broker of an environment with the files of its projects, which are read again each time. All projects share
 * their reads, so there is at most one request for each virtual host and kind.
 *
 * Never rejects: an invalid file, or a broker that does not answer, is part of the observation.
 *
 * @param names the projects as they are known from before, for an observation without readable files
 */
export async function observeEnvironment(
  { name, runs }: WatchedEnvironment,
  secrets: SecretRegistry,
  names: readonly string[],
): Promise<EnvironmentObservation> {
  const sharedReads = new SharedReads()
  const shared = runs.map((run) => ({ ...run, sharedReads, secrets, showUnmanaged: true }))
  const environment = name !== undefined && { environment: name }
  try {
    const { validated } = await validateRuns(shared)
    const planned = await planValidated(shared, validated, driftIn)
    const projects: ProjectObservation[] = []
    for (const [index, run] of planned.runs.entries()) {
      const [options, valid] = [shared[index], validated[index]]
      if (options && valid) projects.push(await observationOf(run, valid.desired, options))
    }
    const isUp = planned.runs.some(({ error }) => !isUnreachable(error))
    return { ...environment, projects: masked(projects, secrets), isUp, requests: sharedReads.requests }
  } catch (error) {
    const failed = names.map((project) => ({ project, ...environment, error: secrets.mask(problemOf(error)) }))
    return { ...environment, projects: failed, isUp: !isUnreachable(error), requests: sharedReads.requests }
  }
}

/** One line about an error; of invalid files, the first finding. */
export function problemOf(error: unknown): string {
  if (!(error instanceof InvalidInputError)) return errorMessage(error)
  const first = error.findings.find((each) => explainFinding(each).severity === 'error')
  if (first === undefined) return error.message
  const { file, line } = first.location ?? {}
  return `${file === undefined ? '' : `${file}:${line}: `}${explainFinding(first).message}`
}

function isUnreachable(error: unknown): boolean {
  return error instanceof UnreachableError
}

function masked(projects: readonly ProjectObservation[], secrets: SecretRegistry): readonly ProjectObservation[] {
  return projects.map((each) => (each.error === undefined ? each : { ...each, error: secrets.mask(each.error) }))
}

async function observationOf(
  { environment, project, planned, error }: PlannedRun,
  desired: Desired,
  options: PlanRunOptions,
): Promise<ProjectObservation> {
  const watched = { project, ...(environment !== undefined && { environment }) }
  if (planned === undefined) return { ...watched, error: problemOf(error) }
  const client = new ManagementClient(options.connection, options.secrets, options.sharedReads)
  try {
    return { ...watched, seen: await seenIn(client, planned, desired) }
  } catch (thrown) {
    return { ...watched, error: problemOf(thrown) }
  } finally {
    await client.close()
  }
}

async function seenIn(client: ManagementClient, planned: Planned, desired: Desired): Promise<SeenProject> {
  const { plan, live, ownership, survey } = planned
  const existing = plan.vhosts.filter((vhost) => live?.vhosts.some(({ name }) => name === vhost))
  const labels = ownerLabels(desired)
  const creators = await creatorsOf(client, plan.changes.map(driftOfChange), existing)
  const drifts = plan.changes.map((change): ObservedDrift => {
    const drift = driftOfChange(change)
    const [owner, createdBy] = [labels.get(drift.address), creators.get(drift.address)]
    return { ...drift, ...(owner !== undefined && { owner }), ...(createdBy !== undefined && { createdBy }) }
  })
  const { unmanaged } = survey ?? {}
  return {
    drifts,
    blocks: plan.blocks,
    ...(ownership && { owned: ownedIn(ownership) }),
    ...(unmanaged && {
      unmanaged: unmanaged
        .filter(({ setAside }) => setAside === undefined)
        .map(({ address: at, kind }) => ({ address: at, kind })),
    }),
    vhosts: (survey?.vhosts ?? []).map(({ name, coverage: { percent } }) => ({
      name,
      ...(percent !== undefined && { coverage: percent }),
    })),
    queues: await queuesOf(client, desired, existing),
  }
}

function ownedIn({ own }: NonNullable<Planned['ownership']>): ReadonlySet<string> {
  return new Set([...own.values()].flatMap((record) => [...record.owned, ...record.adopted]))
}

/** The label `owner` of each declaration that has one. */
function ownerLabels({ topology, descriptions }: Desired): ReadonlyMap<string, string> {
  const labels = new Map<string, string>()
  if (descriptions === undefined) return labels
  for (const kind of KINDS) {
    for (const each of objectsOf(kind, topology)) {
      const owner = descriptions.of(each).labels?.['owner']
      if (owner !== undefined) labels.set(addressOf(kind, each as never), owner)
    }
  }
  return labels
}

/** The users who declared the exchanges that differ. The broker reports no users for other objects. */
async function creatorsOf(
  client: ManagementClient,
  drifts: readonly ObservedDrift[],
  vhosts: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const creators = new Map<string, string>()
  if (!drifts.some(({ kind, action }) => kind === 'exchange' && action !== 'create')) return creators
  for (const vhost of vhosts) {
    for (const { name, user_who_performed_action: user } of await reads.exchanges(client, vhost)) {
      if (user !== undefined && user !== '') creators.set(address('exchange', vhost, name), user)
    }
  }
  return creators
}

async function queuesOf(
  client: ManagementClient,
  { topology }: Desired,
  vhosts: readonly string[],
): Promise<SeenQueue[]> {
  const seen: SeenQueue[] = []
  for (const vhost of vhosts) {
    const declared = topology.queues.filter((queue) => queue.vhost === vhost)
    if (declared.length === 0) continue
    const rows = new Map((await reads.queueMetrics(client, vhost)).map((row) => [row.name, row]))
    for (const { name, role } of declared) {
      const row = rows.get(name)
      if (row) seen.push({ vhost, name, ...(role && { role: role.kind }), ...contentOf(row) })
    }
  }
  return seen
}

function contentOf(row: ReceivedQueueMetrics): Omit<SeenQueue, 'vhost' | 'name' | 'role'> {
  const { message_stats: { publish, deliver_get: delivered } = {}, consumers } = row
  const oldest = oldestIn(row)
  return {
    ...(row.messages_ready !== undefined && { ready: row.messages_ready }),
    ...(row.messages_unacknowledged !== undefined && { unacknowledged: row.messages_unacknowledged }),
    ...(consumers !== undefined && { consumers }),
    ...(row.messages_dlx !== undefined && { heldDeadLetters: row.messages_dlx }),
    ...(oldest !== undefined && { oldestMessage: oldest }),
    ...(publish !== undefined && { published: publish }),
    ...(delivered !== undefined && { delivered }),
  }
}

/** When the oldest message was published, in seconds since 1970; undefined if the broker does not report it. */
function oldestIn({ head_message_timestamp: head, first_timestamp: first }: ReceivedQueueMetrics): number | undefined {
  if (typeof head === 'number') return head
  if (typeof first === 'number') return first / 1_000
  return undefined
}
