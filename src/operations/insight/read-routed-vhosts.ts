import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import { loadFiles } from '../files/load-files.ts'
import { suggest } from '../../diagnostics/text/suggest.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import { type RoutedVhost, routedVhosts } from '../../insight/routing/routed-vhost.ts'
import { completeVersion, NEWEST_VERSION } from '../../model/broker-version.ts'
import type { Desired } from '../../model/desired.ts'
import type { Routes } from '../../model/routes.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { TopologyOptions } from '../session/options.ts'
import { type SourceOptions, takeSnapshot } from './take-snapshot.ts'

/** The source of a routing model: topology files, or a broker or definitions file with the routes of files. */
export interface RoutedOptions {
  /** The topology files. With `source`, only their routes are used. */
  readonly files?: TopologyOptions
  /** A live broker or a definitions file. Its objects are used instead of those of the files. */
  readonly source?: SourceOptions
  /**
   * The broker version whose rules apply, such as `4.3` or `4.3.6`. Default: the version of the broker, or the
   * newest.
   */
  readonly brokerVersion?: string
  /**
   * The registry for the secrets of this run. Default: a new one.
   *
   * @internal for the command line, which masks its own outputs
   */
  readonly secrets?: SecretRegistry
}

/** The virtual hosts of files or of a broker, as routing models. */
export interface RoutedRead {
  readonly vhosts: readonly RoutedVhost[]
  /** The desired state in the files; absent if no files were read. */
  readonly desired?: Desired
  /** Warnings about the files. */
  readonly findings: readonly Finding[]
  /** The texts of the files by their shown path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
  /** The snapshot of the broker or definitions file; absent if only topology files were read. */
  readonly snapshot?: Snapshot
}

const NO_ROUTES: Routes = { publications: [], subscriptions: [] }

/**
 * Reads files, a broker or a definitions file into routing models.
 *
 * @throws {InvalidInputError} when the files are invalid
 * @throws {WarrenError} `INVALID_OPTION` when the version is malformed
 */
export async function readRoutedVhosts(
  options: RoutedOptions & { readonly secrets: SecretRegistry },
): Promise<RoutedRead> {
  const { files, source, secrets } = options
  const chosen = options.brokerVersion === undefined ? undefined : exactVersion(options.brokerVersion)
  const loaded = files && (await loadFiles({ ...files, secrets }))
  if (loaded !== undefined && loaded.desired === undefined) throw new InvalidInputError(loaded.findings, loaded.sources)
  const { desired, findings = [], sources = new Map() } = loaded ?? {}
  const routes = desired?.routes ?? NO_ROUTES
  const read = { ...(desired && { desired }), findings, sources }
  if (source === undefined) {
    if (desired === undefined)
      throw new WarrenError('the call names no files and no broker', { code: 'INVALID_OPTION' })
    const version = chosen ?? NEWEST_VERSION
    return { ...read, vhosts: routedVhosts(desired.topology, routes, { version, usersKnown: true }) }
  }
  const snapshot = await takeSnapshot({ ...source, secrets })
  return { ...read, snapshot, vhosts: vhostsOfSnapshot(snapshot, { routes, ...(chosen && { version: chosen }) }) }
}

/** The input of a routing model in addition to the objects of a broker. */
interface RoutingContext {
  /** Default: none. */
  readonly routes?: Routes
  /** The version whose rules apply. Default: that of the broker. */
  readonly version?: string
}

/** Makes routing models of the virtual hosts of a broker or definitions file. */
export function vhostsOfSnapshot(
  { live, unknown }: Pick<Snapshot, 'live' | 'unknown'>,
  { routes = NO_ROUTES, version = live.broker.version }: RoutingContext = {},
): readonly RoutedVhost[] {
  const usersKnown = !unknown.some(({ what }) => what === 'users' || what === 'permissions')
  return routedVhosts(live.topology, routes, { version, usersKnown })
}

/** Completes a version such as `4.3`. */
export function exactVersion(given: string): string {
  const version = completeVersion(given)
  if (version !== undefined) return version
  throw new WarrenError(`${JSON.stringify(given)} is not a version of RabbitMQ`, {
    code: 'INVALID_OPTION',
    hint: 'write it as 4.3 or 4.3.6',
  })
}

/** The error for a name that no object has. */
export function unknownName(kind: string, name: string, all: readonly string[]): WarrenError {
  const suggestion = suggest(name, all)
  return new WarrenError(`there is no ${kind} ${JSON.stringify(name)}`, {
    code: 'UNKNOWN_NAME',
    ...(suggestion !== undefined && { hint: `did you mean ${JSON.stringify(suggestion)}?` }),
  })
}

/** Finds a virtual host by name, or fails with `UNKNOWN_NAME`. */
export function requireVhost(vhosts: readonly RoutedVhost[], name: string): RoutedVhost {
  const found = vhosts.find((each) => each.name === name)
  if (found !== undefined) return found
  throw unknownName(
    'vhost',
    name,
    vhosts.map((each) => each.name),
  )
}
