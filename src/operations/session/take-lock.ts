import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import type { Lock } from '../../broker/amqp/hold-lock.ts'
import { lockName } from '../../model/generated-names.ts'
import { SharedLocks } from './shared-locks.ts'

/** The locks of a run, one in each of its virtual hosts. */
export interface Locks {
  /** Why locks are missing, in some or all vhosts. The run continues, but deletes and replaces nothing. */
  readonly missing?: string
  /** Aborted when one of them is lost: another run may have begun. */
  readonly lost: AbortSignal
  /** Called before a virtual host is deleted together with the lock, which then does not count as lost. */
  readonly unwatch: (vhost: string) => void
  /** Releases the lock of one virtual host, so that its queue does not count against the limit. */
  readonly giveUp: (vhost: string) => Promise<void>
  readonly release: () => Promise<void>
}

/**
 * Excludes other applies of the project from these virtual hosts with exclusive queues, which the broker deletes when
 * this process dies.
 *
 * @param vhosts the existing virtual hosts
 * @param shared the locks of all runs of the command. Default: no other runs
 * @throws {WarrenError} `LOCKED` when another apply of the project is running
 */
export async function takeLocks(
  amqp: Amqp,
  project: string,
  vhosts: readonly string[],
  shared: SharedLocks = new SharedLocks(),
): Promise<Locks> {
  const held = new Map<string, Lock>()
  const release = async () => void (await Promise.all([...held.values()].map((lock) => lock.release())))
  const name = lockName(project)
  let missing: string | undefined
  // In a fixed order, so that one of two runs gets all locks.
  for (const vhost of vhosts.toSorted()) {
    const lock = await shared.take(amqp, vhost, name).catch(async (error: unknown) => {
      await release()
      throw error
    })
    if (lock === 'held') {
      await release()
      throw new WarrenError(
        `another apply of the project ${JSON.stringify(project)} is under way in vhost ${JSON.stringify(vhost)}`,
        {
          code: 'LOCKED',
          hint: `wait until it has ended; if its process has died, the broker frees the lock; if there is no other apply, find out who has created the queue ${name}`,
        },
      )
    }
    if ('refused' in lock) missing ??= lock.refused
    else held.set(vhost, lock)
  }
  return {
    ...(missing !== undefined && { missing }),
    lost: AbortSignal.any([...held.values()].map((lock) => lock.lost)),
    unwatch: (vhost) => held.get(vhost)?.unwatch(),
    giveUp: async (vhost) => held.get(vhost)?.release(),
    release,
  }
}
