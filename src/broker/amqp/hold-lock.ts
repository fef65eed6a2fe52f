import type { Channel, ChannelModel } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { replyCode } from '../../diagnostics/broker-reason.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { amqpError, AmqpError } from './connections/amqp-error.ts'
import type { Amqp } from './connections/amqp.ts'
import { openChannel } from './connections/channels.ts'
import { WrongBrokerError } from './connections/expected-broker.ts'
import type { OpenConnection } from './connections/open-connection.ts'
import { openTarget } from './connections/open-target.ts'

/** Held until it is released, or until the connection is lost. */
export interface Lock {
  /** Aborted, with the reason, when the lock is lost: another process may hold it then. */
  readonly lost: AbortSignal
  /** Stops reporting the loss of the lock, because its vhost is about to be deleted. */
  unwatch(): void
  release(): Promise<void>
}

/** How long releasing may take, in milliseconds. */
const CLOSE_DEADLINE = 2_000

/** Why there is no lock, as a sentence without a full stop. */
export interface LockRefused {
  readonly refused: string
}

/**
 * Takes a lock: an exclusive queue, which the broker deletes when this process dies.
 *
 * A consumer stays on the empty queue. Otherwise, a policy with `expires` would delete the queue while the lock is
 * held. Also, the broker cancels the consumer if the queue is deleted for another reason.
 *
 * @returns `held` when another connection holds the lock; the reason when the broker refuses it: a missing right, a
 *   limit of queues, connections or channels, or an ordinary queue of this name
 */
export async function holdLock(amqp: Amqp, vhost: string, name: string): Promise<Lock | 'held' | LockRefused> {
  let connection: OpenConnection
  try {
    connection = await openTarget(amqp.target, vhost, 'warren (lock)')
  } catch (error) {
    if (error instanceof WarrenError && !(error instanceof WrongBrokerError)) return { refused: error.message }
    throw error
  }
  try {
    const lost = new AbortController()
    let watched = true
    const onLost = (): void => {
      if (watched) lost.abort(connection.gone.reason ?? new Error(`the queue ${name} was deleted`))
    }
    await occupy(await openChannel(connection.model), name, onLost)
    connection.gone.addEventListener('abort', onLost, { once: true })
    const unwatch = (): void => {
      watched = false
    }
    return {
      lost: lost.signal,
      unwatch,
      async release() {
        unwatch()
        // RabbitMQ 4.3 may confirm the close before it deletes the queue, and the next run would find the queue.
        await Promise.race([deleteQueue(connection.model, name), sleep(CLOSE_DEADLINE, undefined, { ref: false })])
        await connection.close(CLOSE_DEADLINE)
      },
    }
  } catch (thrown) {
    // If a channel exceeds the limit, the broker closes the connection, whose reason says more than that of the
    // channel.
    const cause: unknown = replyCode(thrown) === undefined ? (connection.gone.reason ?? thrown) : thrown
    await connection.close(CLOSE_DEADLINE)
    const error = amqpError(cause, `taking the lock ${JSON.stringify(name)}`)
    if (!(error instanceof AmqpError)) throw error
    return error.isLocked() ? whoHas(amqp, vhost, name) : refusal(error, vhost, name)
  }
}

/**
 * Declares the queue of a lock and consumes from it. A login without the right to read it holds the lock without
 * watching it.
 */
async function occupy(channel: Channel, name: string, onDeleted: () => void): Promise<void> {
  // The default queue type of the vhost may not support `exclusive`.
  await channel.assertQueue(name, { exclusive: true, durable: false, arguments: { 'x-queue-type': 'classic' } })
  try {
    await channel.consume(name, (message) => (message === null ? onDeleted() : undefined))
  } catch (error) {
    if (replyCode(error) !== 403) throw error
  }
}

function refusal({ replyCode: code, reason }: AmqpError, vhost: string, name: string): LockRefused {
  const where = `the queue ${name} in vhost ${JSON.stringify(vhost)}`
  if (code === 403) return { refused: `the login may not declare ${where}` }
  return {
    refused:
      code === undefined ? `${where} could not be declared: ${reason}` : `the broker refused ${where}: ${reason}`,
  }
}

/** Deletes the queue of a lock, which the broker would otherwise delete with the connection. */
async function deleteQueue(model: ChannelModel, name: string): Promise<void> {
  try {
    await (await openChannel(model)).deleteQueue(name)
  } catch {
    // The connection is gone, and the queue with it.
  }
}

/**
 * Finds out why the queue is locked, because the broker gives the same answer for the queue of another connection and
 * for an ordinary queue.
 */
async function whoHas(amqp: Amqp, vhost: string, name: string): Promise<'held' | LockRefused> {
  const doing = `taking the lock ${JSON.stringify(name)}`
  try {
    await amqp.withChannel(vhost, doing, (channel) => channel.checkQueue(name))
  } catch (error) {
    // Without an answer, another apply probably holds it. The queue may have been deleted meanwhile, but its holder
    // had it a moment ago.
    if (error instanceof AmqpError) return 'held'
    throw error
  }
  const where = `vhost ${JSON.stringify(vhost)}`
  return {
    refused: `${where} has an ordinary queue ${name}, but this name is reserved for warren's lock: delete that queue`,
  }
}
