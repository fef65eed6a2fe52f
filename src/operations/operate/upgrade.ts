import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import { readHealth } from '../../broker/snapshot/read-health.ts'
import { readSnapshot } from '../../broker/snapshot/read-snapshot.ts'
import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { seriesOf, upgradePath } from '../../model/broker-tables/upgrade-paths.ts'
import { makeUpgradeReport, type UpgradeReport } from '../../operate/doctor/upgrade/upgrade-report.ts'
import type { UpgradeHop, UpgradeInput } from '../../operate/doctor/upgrade/upgrade-context.ts'
import { explainUnsupported } from '../../render/blocks/explain-unsupported.ts'
import { isAtLeast } from '../../model/broker-version.ts'
import { exactVersion } from '../insight/read-routed-vhosts.ts'
import { type LiveSource, type SourceOptions, takeSnapshot, withClient } from '../insight/take-snapshot.ts'
import { withMaskedResult } from '../session/with-secrets.ts'

export { needsFixes } from '../../operate/doctor/upgrade/upgrade-report.ts'

/** A live broker or a definitions file, and the version to upgrade to. */
export type UpgradeOptions = SourceOptions & {
  /** Such as `4.3` or `4.3.6`. */
  readonly before: string
}

/** The last patch release of a series, for the rules of a series on the way. */
const LAST_PATCH = 99

/**
 * Lists the features in use that an upgrade of RabbitMQ changes, with the path of versions and the commands that fix
 * them, in order. Writes nothing. A definitions file shows no clients, plugins and feature flags.
 *
 * @throws {WarrenError} `INVALID_OPTION` when there is no path to the version
 * @throws {InvalidInputError} when the definitions file is invalid
 */
export async function checkUpgrade(options: UpgradeOptions): Promise<UpgradeReport> {
  return withMaskedResult(options, async ({ before, ...source }) => {
    const to = exactVersion(before)
    if ('connection' in source) return withClient(source, (client) => ofBroker(client, source, to))
    const snapshot = await takeSnapshot(source)
    const version = versionOf(snapshot)
    const input = { snapshot, from: version, path: pathTo(version, to), explain: explainUnsupported }
    return makeUpgradeReport(input, {
      to,
      unknown: ['clients, plugins and feature flags: the file does not contain them'],
    })
  })
}

async function ofBroker(client: ManagementClient, { onlyVhosts }: LiveSource, to: string): Promise<UpgradeReport> {
  const snapshot = await readSnapshot(client, onlyVhosts === undefined ? {} : { vhosts: onlyVhosts })
  const from = versionOf(snapshot)
  const [{ look, unknown }, disabledFlags] = await Promise.all([readHealth(client, snapshot, 0), readDisabled(client)])
  const input: UpgradeInput = {
    snapshot,
    from,
    path: pathTo(from, to),
    look,
    ...(disabledFlags && { disabledFlags }),
    explain: explainUnsupported,
  }
  return makeUpgradeReport(input, {
    to,
    unknown: [
      ...unknown.flatMap(({ part, reason }) =>
        part === 'connections' || part === 'channels' ? [`${part}: ${reason}`] : [],
      ),
      ...(isAtLeast(from, '4.0.0')
        ? ['prefetch for a whole channel (basic.qos global): not reported from 4.0 on']
        : []),
      ...(disabledFlags === undefined ? ['feature flags: needs-administrator'] : []),
      ...snapshot.unknown.map(
        ({ what, vhost, reason }) =>
          `${vhost === undefined ? what : `${what} of vhost ${JSON.stringify(vhost)}`}: ${reason}`,
      ),
    ],
  })
}

function versionOf({ source }: Snapshot): string {
  const version = source.kind === 'broker' ? source.broker.version : source.version
  if (version !== '') return version
  throw new WarrenError('the definitions file does not say which version exported it', {
    code: 'INVALID_OPTION',
    hint: 'export all definitions of the broker, instead of one vhost',
  })
}

function pathTo(from: string, to: string): readonly UpgradeHop[] {
  const path = upgradePath(seriesOf(from), seriesOf(to))
  if (path === undefined) {
    throw new WarrenError(`there is no upgrade from RabbitMQ ${from} to ${to}`, {
      code: 'INVALID_OPTION',
      hint: 'name a newer version from 3.11 to 4.3',
    })
  }
  const last = path.length - 1
  return path.map((series, at) => ({ series, version: at === last ? to : `${series}.${LAST_PATCH}` }))
}

/** The feature flags that are not enabled; only administrators may read them on old versions. */
async function readDisabled(client: ManagementClient): Promise<readonly string[] | undefined> {
  try {
    const flags = await reads.featureFlags(client)
    return flags.filter(({ state }) => state === 'disabled').map(({ name }) => name)
  } catch (error) {
    if (error instanceof ManagementError && error.status < 500) return undefined
    throw error
  }
}
