import type { ChannelModel } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { amqpError, AmqpError } from './amqp-error.ts'
import { type Amqp, closeChannel, quietChannel } from './amqp.ts'
import { openConnection } from './open-connection.ts'

/** Held until it is released, or until the connection is lost. */
export interface Lock {
  /** Aborted, with the reason, when the lock is lost: somebody else may have it then. */
  readonly lost: AbortSignal
  /** Its loss tells nothing any more: what it is held in is about to be deleted. */
  unwatch(): void
  release(): Promise<void>
}

/** How long releasing may take, in milliseconds. */
const CLOSE_DEADLINE = 2_000

/**
 * Takes a lock: a queue that only one connection can have, which the broker deletes when this process dies.
 *
 * @returns `held` when another connection has it, `refused` when the login may not declare a queue of this name
 * @throws {AmqpError} when the broker cannot be asked, or the name belongs to a queue that is no lock
 */
export async function holdLock(amqp: Amqp, vhost: string, name: string): Promise<Lock | 'held' | 'refused'> {
  const connection = await openConnection(amqp.target, vhost, 'warren (lock)')
  try {
    const channel = await quietChannel(connection.model)
    // The vhost's default type may be one that cannot be exclusive.
    const classic = { 'x-queue-type': 'classic' }
    await channel.assertQueue(name, { exclusive: true, durable: false, arguments: classic })
    await closeChannel(channel)
    const lost = new AbortController()
    const onGone = (): void => lost.abort(connection.gone.reason)
    connection.gone.addEventListener('abort', onGone, { once: true })
    const unwatch = (): void => connection.gone.removeEventListener('abort', onGone)
    return {
      lost: lost.signal,
      unwatch,
      async release() {
        unwatch()
        // RabbitMQ 4.3 may answer the closing before the queue is gone, and the next run would find it.
        await Promise.race([deleteQueue(connection.model, name), sleep(CLOSE_DEADLINE, undefined, { ref: false })])
        await connection.close(CLOSE_DEADLINE)
      },
    }
  } catch (thrown) {
    await connection.close(CLOSE_DEADLINE)
    const error = amqpError(thrown, `taking the lock ${JSON.stringify(name)}`)
    if (error instanceof AmqpError && error.isLocked()) return await whoHas(amqp, vhost, name)
    if (error instanceof AmqpError && error.isRefused()) return 'refused'
    throw error
  }
}

/** What cannot be deleted goes with its connection. */
async function deleteQueue(model: ChannelModel, name: string): Promise<void> {
  try {
    await (await quietChannel(model)).deleteQueue(name)
  } catch {
    // The connection is gone, and the queue with it.
  }
}

/** The broker answers the same when the queue belongs to another connection and when it belongs to none. */
async function whoHas(amqp: Amqp, vhost: string, name: string): Promise<'held'> {
  const doing = `taking the lock ${JSON.stringify(name)}`
  try {
    await amqp.withChannel(vhost, doing, (channel) => channel.checkQueue(name))
  } catch (error) {
    // Gone meanwhile: its holder had it until a moment ago.
    if (error instanceof AmqpError && (error.isLocked() || error.isNotFound())) return 'held'
    throw error
  }
  throw new AmqpError(`${doing} failed`, {
    code: 405,
    reason: 'a queue of this name belongs to nobody',
    hint: 'delete or rename it: warren keeps this name for its lock',
  })
}
