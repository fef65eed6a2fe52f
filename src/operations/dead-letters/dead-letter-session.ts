import { type DeadLetterQueue, deadLetterQueues } from '../../operate/dead-letters/dead-letter-queues.ts'
import type { DeadLetterBroker } from '../../operate/dead-letters/reports.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import { loadFiles } from '../files/load-files.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { closeAmqp, openAmqp } from '../session/amqp-link.ts'
import type { BrokerOptions, TopologyOptions } from '../session/options.ts'
import { reachBroker } from '../session/reach-broker.ts'

export interface DeadLetterOptions extends TopologyOptions, BrokerOptions {}

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

/** The dead-letter queues that the files declare. @throws {InvalidInputError} when the files are not usable */
export async function declaredDeadLetters(
  options: TopologyOptions,
): Promise<FromFiles & { readonly queues: readonly DeadLetterQueue[] }> {
  const { desired, findings, sources } = await loadFiles({ ...options, users: 'ignore' })
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  return { queues: deadLetterQueues(desired.deadLetters), findings, sources }
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
        hint: 'say where AMQP is with --amqp-url or WARREN_AMQP_URL, such as amqp://localhost:5672',
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
