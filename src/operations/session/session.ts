import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { amqpOf, closeAmqp, openAmqp, requireOneBroker } from './amqp-link.ts'
import type { BrokerOptions } from './options.ts'
import type { PlanSettings } from '../change/plan-with.ts'
import type { SharedLocks } from './shared-locks.ts'
import { type Locks, takeLocks } from './take-lock.ts'

/** The resources of a running apply: AMQP, and the locks that exclude other applies of the project. */
export interface Session extends AsyncDisposable {
  readonly amqp?: Amqp
  /** For virtual hosts that the run creates, if there is no `amqp`: it connects at its first use. */
  readonly amqpLater?: Amqp
  /** Aborted when a lock is lost; absent without locks. */
  readonly lost?: AbortSignal
  /** Called before a virtual host is deleted together with its lock; absent without locks. */
  readonly unwatch?: Locks['unwatch']
  /** Releases the lock of a virtual host that is at its limit of queues; absent without locks. */
  readonly giveUpLock?: Locks['giveUp']
  /** The virtual hosts that existed at the start, in which the session holds its locks. */
  readonly there: readonly string[]
  /** The locks of all runs of the command; absent if it has only this run. */
  readonly sharedLocks?: SharedLocks
  readonly forPlan: Pick<PlanSettings, 'link' | 'unlocked'>
}

/**
 * Connects over AMQP and takes the locks of a project in its existing virtual hosts. Without AMQP an apply continues
 * without locks, and deletes and replaces nothing.
 *
 * @throws {WrongBrokerError} when AMQP leads to another broker than the management API
 * @throws {WarrenError} `LOCKED` when another apply of the project is running
 */
export async function openSession(
  client: ManagementClient,
  options: Pick<BrokerOptions, 'connection' | 'amqp'> & {
    readonly signal?: AbortSignal
    readonly project: string
    readonly vhosts: readonly string[]
    readonly sharedLocks?: SharedLocks
  },
): Promise<Session> {
  const { sharedLocks } = options
  const shared = sharedLocks && { sharedLocks }
  const visible = new Set((await reads.vhosts(client)).map(({ name }) => name))
  const there = options.vhosts.filter((name) => visible.has(name))
  const [first] = there
  // A virtual host that does not exist yet contains nothing to destroy.
  if (first === undefined) {
    const nowhere = { missing: 'no virtual host of the files exists yet' }
    // Otherwise, the first connection would detect a wrong broker only after virtual hosts were created.
    if (options.amqp !== undefined) await requireOneBroker(client, options.connection, options.amqp)
    const amqpLater = await amqpOf(client, options.connection, options.amqp, options.signal)
    return {
      there,
      ...shared,
      amqpLater,
      forPlan: { link: () => Promise.resolve(nowhere) },
      [Symbol.asyncDispose]: () => amqpLater.close(),
    }
  }
  const link = await openAmqp(client, options.connection, first, options.amqp, options.signal)
  try {
    const locks = 'amqp' in link ? await takeLocks(link.amqp, options.project, there, sharedLocks) : undefined
    const unlocked = 'missing' in link ? link.missing : locks?.missing
    return {
      there,
      ...shared,
      ...('amqp' in link && { amqp: link.amqp }),
      ...(locks && { lost: locks.lost, unwatch: locks.unwatch, giveUpLock: locks.giveUp }),
      forPlan: { link: () => Promise.resolve(link), ...(unlocked !== undefined && { unlocked }) },
      async [Symbol.asyncDispose]() {
        await locks?.release()
        await closeAmqp(link)
      },
    }
  } catch (error) {
    await closeAmqp(link)
    throw error
  }
}
