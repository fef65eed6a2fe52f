import { type Lock, holdLock } from '../../broker/amqp/hold-lock.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import { driftLockName } from '../../model/generated-names.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { HeldWatchLock } from '../../operate/drift/watch-ports.ts'
import { closeAmqp, openAmqp } from '../session/amqp-link.ts'
import { validateRuns } from '../workspace/validate-runs.ts'
import type { WatchedEnvironment } from './observe-environment.ts'

/** A lock of the drift service, or why it acts without one. */
export interface DriftLock {
  readonly lock: HeldWatchLock | 'held'
  readonly missing?: string
}

/**
 * Takes the lock of an environment: an exclusive queue in the first of its virtual hosts that exists. It is not the lock of
 * applies, which it would block. Without AMQP, the service acts without a lock.
 *
 * @throws {UnreachableError} when the broker does not answer
 */
export async function takeDriftLock({ name, runs }: WatchedEnvironment, secrets: SecretRegistry): Promise<DriftLock> {
  const [first] = runs
  if (first === undefined) return { lock: NO_LOCK }
  const { validated } = await validateRuns(runs.map((run) => ({ ...run, secrets })))
  const declared = validated.flatMap(({ desired }) => desired.topology.vhosts.map((vhost) => vhost.name))
  const projects = validated.map(({ desired }) => desired.project)
  const client = new ManagementClient(first.connection, secrets)
  try {
    const existing = new Set((await reads.vhosts(client)).map((each) => each.name))
    const [vhost, ...others] = [...new Set(declared)].toSorted().filter((each) => existing.has(each))
    if (vhost === undefined) return { lock: NO_LOCK, missing: 'no virtual host of the files exists yet' }
    const link = await openAmqp(client, first.connection, vhost, first.amqp)
    if ('missing' in link) return { lock: NO_LOCK, missing: link.missing }
    try {
      const queue = driftLockName(projects, name)
      const taken = lockIn(await holdLock(link.amqp, vhost, queue))
      if (taken.lock === 'held' || taken.lock.isMissing === true) return taken
      return { lock: await unlessIn(client, others, queue, taken.lock) }
    } finally {
      await closeAmqp(link)
    }
  } finally {
    await client.close()
  }
}

/**
 * Releases a lock if another process has taken the same one in another virtual host, because the first of them did not
 * exist yet.
 */
async function unlessIn(
  client: ManagementClient,
  vhosts: readonly string[],
  queue: string,
  lock: HeldWatchLock,
): Promise<HeldWatchLock | 'held'> {
  let isKept = false
  try {
    for (const vhost of vhosts) if (await reads.hasQueue(client, vhost, queue)) return 'held'
    isKept = true
    return lock
  } finally {
    if (!isKept) await lock.release()
  }
}

const NO_LOCK: HeldWatchLock = {
  lost: new AbortController().signal,
  isMissing: true,
  release: () => Promise.resolve(),
}

function lockIn(held: Lock | 'held' | { readonly refused: string }): DriftLock {
  if (held === 'held') return { lock: 'held' }
  return 'refused' in held ? { lock: NO_LOCK, missing: held.refused } : { lock: held }
}
