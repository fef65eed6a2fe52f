import {
  type DeadLetterPlace,
  type DeadLetterQueue,
  deadLetterQueues,
} from '../../operate/dead-letters/dead-letter-queues.ts'
import type { DeadLetterBroker } from '../../operate/dead-letters/reports.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import { loadFiles } from '../files/load-files.ts'
import { takeSnapshot } from '../insight/take-snapshot.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { liveDeadLetterQueues, unreadForDeadLetters } from './live-dead-letters.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { closeAmqp, openAmqp } from '../session/amqp-link.ts'
import type { BrokerOptions, TopologyOptions } from '../session/options.ts'
import { reachBroker } from '../session/reach-broker.ts'

export interface DeadLetterOptions extends Omit<TopologyOptions, 'paths'>, BrokerOptions {
  /** The files that declare the queues. Default: none, and the queues of the broker are taken as they are. */
  readonly paths?: readonly string[]
  /** Without `paths`: only these virtual hosts. Default: all that the login may see. */
  readonly onlyVhosts?: readonly string[]
}

/** The warnings about the files. */
export interface FromFiles {
  readonly findings: readonly Finding[]
  readonly sources: ReadonlyMap<string, string>
}

/** The connections and settings of an operation on dead letters. */
export interface DeadLetterSession {
  readonly client: ManagementClient
  readonly amqp: Amqp
  readonly broker: DeadLetterBroker
}

/** Dead-letter queues, and where they were found. */
export interface FoundQueues extends FromFiles {
  readonly place: DeadLetterPlace
  readonly queues: readonly DeadLetterQueue[]
  /** Data that the login may not read, so that queues or their origins may be missing; empty if there is none. */
  readonly unread: readonly string[]
}

/**
 * Finds the dead-letter queues that files declare, or without files those on the broker.
 *
 * @throws {InvalidInputError} when the files are not usable
 * @throws {WarrenError} `UNREACHABLE` or `WRONG_BROKER` when a broker has to be read and cannot be reached
 */
export async function findDeadLetterQueues(
  given: DeadLetterOptions & { readonly secrets: SecretRegistry },
): Promise<FoundQueues> {
  // `unusedVariables` are those of the connection, and not of files.
  const { paths, onlyVhosts, unusedVariables: _, ...options } = given
  if (paths === undefined) {
    const snapshot = await takeSnapshot({ ...options, ...(onlyVhosts && { onlyVhosts }) })
    const unread = unreadForDeadLetters(snapshot.unknown)
    return { place: 'broker', queues: liveDeadLetterQueues(snapshot), unread, findings: [], sources: new Map() }
  }
  const { desired, findings, sources } = await loadFiles({ ...options, paths, users: 'ignore' })
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  return { place: 'topology', queues: deadLetterQueues(desired.deadLetters), unread: [], findings, sources }
}

/**
 * Connects to the broker over the management API and AMQP, and disconnects after the operation.
 *
 * @param vhost one of the virtual hosts of the operation
 * @throws {WarrenError} `UNREACHABLE` when the broker cannot be reached over either protocol
 */
export async function withBroker<T>(
  { connection, wait, cluster, amqp: target, secrets, signal }: BrokerOptions & { readonly signal?: AbortSignal },
  vhost: string,
  use: (session: DeadLetterSession) => Promise<T>,
): Promise<T> {
  const client = new ManagementClient(connection, secrets)
  try {
    await reachBroker(client, { ...(wait !== undefined && { wait }), ...(cluster !== undefined && { cluster }) })
    const { rabbitmq_version: version, cluster_name, node = 'unknown' } = await reads.overview(client)
    const link = await openAmqp(client, connection, vhost, target, signal)
    if ('missing' in link) {
      throw new WarrenError(`dead letters cannot be reached without AMQP: ${link.missing}`, {
        code: 'UNREACHABLE',
        hint: 'set the AMQP address with --amqp-url or WARREN_AMQP_URL, such as amqp://localhost:5672',
      })
    }
    try {
      return await use({ client, amqp: link.amqp, broker: { name: cluster_name ?? node, version, url: client.url } })
    } finally {
      await closeAmqp(link)
    }
  } finally {
    await client.close()
  }
}
