import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import { readSnapshot } from '../../broker/snapshot/read-snapshot.ts'
import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import { snapshotOfDefinitions } from '../../broker/snapshot/snapshot-of-definitions.ts'
import { readDefinitionsFile } from '../../desired/load/read-definitions-file.ts'
import { registerTopology } from '../../model/secrets/register-secrets.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { BrokerOptions } from '../session/options.ts'
import { reachBroker } from '../session/reach-broker.ts'

/** The source of an operation: a live broker, or a definitions file that one exported. */
export type SourceOptions = LiveSource | DefinitionsSource

export interface LiveSource extends BrokerOptions {
  /** Only these vhosts. Default: all that the login may see. */
  readonly onlyVhosts?: readonly string[]
}

export interface DefinitionsSource {
  /** A file that a broker exported: `GET /api/definitions`, or that of one vhost. */
  readonly from: string
  /** Only these vhosts; for a file of one vhost that does not name it, its name. Default: all. */
  readonly onlyVhosts?: readonly string[]
  /**
   * The registry for the secrets of this run. Default: a new one.
   *
   * @internal for the command line, which masks its own outputs
   */
  readonly secrets?: SecretRegistry
}

/**
 * Reads a broker or a definitions file.
 *
 * @param source with a registry of secrets
 * @param usage whether to read statistics about the use of queues
 * @throws {InvalidInputError} when the file is not a definitions file
 */
export async function takeSnapshot(
  source: SourceOptions & { readonly secrets: SecretRegistry },
  usage = false,
): Promise<Snapshot> {
  if ('from' in source) return snapshotOfFile(source)
  return withClient(source, (client) =>
    readSnapshot(client, { usage, ...(source.onlyVhosts && { vhosts: source.onlyVhosts }) }),
  )
}

async function snapshotOfFile(source: DefinitionsSource & { readonly secrets: SecretRegistry }): Promise<Snapshot> {
  const { from: path, onlyVhosts, secrets } = source
  const file = await readDefinitionsFile(path)
  const read =
    'finding' in file ? file : snapshotOfDefinitions(file.value, { path, ...(onlyVhosts && { vhosts: onlyVhosts }) })
  if ('finding' in read) throw new InvalidInputError([read.finding], new Map())
  registerTopology(secrets, read.live.topology)
  return read
}

/** Calls a function with a client of the broker, after checking that the broker answers and is the expected one. */
export async function withClient<T>(
  source: LiveSource & { readonly secrets: SecretRegistry },
  run: (client: ManagementClient) => Promise<T>,
): Promise<T> {
  const client = new ManagementClient(source.connection, source.secrets)
  try {
    await reachBroker(client, source)
    return await run(client)
  } finally {
    await client.close()
  }
}
