import { setTimeout as pause } from 'node:timers/promises'
import type { HealthLook, UnknownHealth } from '../../broker/snapshot/health.ts'
import { readHealth } from '../../broker/snapshot/read-health.ts'
import { readSnapshot } from '../../broker/snapshot/read-snapshot.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { loadTopology } from '../../desired/load/load-topology.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import type { Desired } from '../../model/desired.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { type Checkup, makeCheckup } from '../../operate/doctor/checkup.ts'
import { DEFAULT_LIMITS, type DoctorLimits, pauseBetweenLooks } from '../../operate/doctor/limits.ts'
import { type LiveSource, withClient } from '../insight/take-snapshot.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withMaskedResult } from '../session/with-secrets.ts'

export { hasSymptoms } from '../../operate/doctor/checkup.ts'

/** The broker to examine. */
export interface DoctorOptions extends LiveSource {
  /** The files of a project: only its vhosts and its queues are examined. Default: the whole broker. */
  readonly files?: TopologyOptions
  /**
   * How long to watch the broker, in milliseconds. Without it, trends are unknown: acknowledgements, churn, and
   * messages that no one consumes. Default: one look.
   */
  readonly sample?: number
  /** Limits above which numbers are reported. Default: 10,000 messages, one hour. */
  readonly limits?: Partial<DoctorLimits>
}

/**
 * Examines the condition of a broker with checks, each with numbers and advice. Writes nothing and receives no
 * messages. If the login or the broker does not provide data, the result is unknown, never healthy.
 *
 * @throws {InvalidInputError} when the files are invalid
 * @throws {UnreachableError} when the broker cannot be reached
 * @throws {WarrenError} `UNKNOWN_NAME` when a vhost does not exist, or the login does not see it
 */
export async function doctor(options: DoctorOptions): Promise<Checkup> {
  return withMaskedResult(options, async ({ files, sample = 0, limits, ...source }) => {
    const desired = files && (await loadDesired(files, source.secrets))
    return withClient(source, (client) =>
      examine(client, {
        sample,
        limits: { ...DEFAULT_LIMITS, ...limits },
        ...(desired && { desired }),
        ...vhostsOf(source.onlyVhosts, desired),
      }),
    )
  })
}

async function loadDesired(files: TopologyOptions, secrets: SecretRegistry): Promise<Desired> {
  const { desired, findings, sources } = await loadTopology({ ...files, environment: files.environment ?? {}, secrets })
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  return desired
}

function vhostsOf(given: readonly string[] | undefined, desired: Desired | undefined) {
  const vhosts = given ?? desired?.topology.vhosts.map(({ name }) => name)
  return vhosts === undefined ? {} : { vhosts }
}

interface ExamineOptions {
  readonly sample: number
  readonly limits: DoctorLimits
  readonly desired?: Desired
  readonly vhosts?: readonly string[]
}

async function examine(
  client: ManagementClient,
  { sample, limits, desired, vhosts }: ExamineOptions,
): Promise<Checkup> {
  const snapshot = await readSnapshot(client, vhosts === undefined ? {} : { vhosts })
  const begin = performance.now()
  const elapsed = () => Math.round(performance.now() - begin)
  const unknown: UnknownHealth[] = []
  const look = async (): Promise<HealthLook> => {
    const read = await readHealth(client, snapshot, elapsed())
    unknown.push(...read.unknown)
    return read.look
  }
  const between = pauseBetweenLooks(sample)
  const looks: [HealthLook, ...HealthLook[]] = [await look()]
  while (elapsed() - looks[0].at < sample) {
    await pause(Math.max(0, Math.min(between, sample - (elapsed() - looks[0].at))))
    looks.push(await look())
  }
  return makeCheckup({ snapshot, looks, unknown, limits, ...(desired && { desired }) })
}
