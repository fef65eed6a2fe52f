import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib'
import { brokerReason } from '../diagnostics/broker-reason.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import { amqpError, AmqpError } from './amqp-error.ts'
import type { AmqpTarget } from './amqp-target.ts'
import { WrongBrokerError } from './expected-broker.ts'
import { DEFAULT_TIMEOUT, openConnection, type OpenConnection } from './open-connection.ts'

/** How long closing may take, in milliseconds. */
const CLOSE_DEADLINE = 2_000

/**
 * Talks AMQP to one broker: one connection for each virtual host, opened when it is first needed, and again when it was
 * lost meanwhile.
 */
export class Amqp {
  readonly target: AmqpTarget
  readonly #connections = new Map<string, Promise<OpenConnection>>()
  /** Channels that wait for their next question; they go with their connection. */
  readonly #idle = new WeakMap<ChannelModel, Channel[]>()

  constructor(target: AmqpTarget) {
    this.target = target
  }

  /** @throws {WarrenError} when the broker cannot be reached, or refuses the login or the vhost */
  async connection(vhost: string): Promise<ChannelModel> {
    return (await this.opened(vhost)).model
  }

  /** The connection with what is known of its state. */
  opened(vhost: string): Promise<OpenConnection> {
    return this.#connections.get(vhost) ?? this.#open(vhost)
  }

  /**
   * Runs a request, or a few, on a channel of its own, since the broker closes the channel of whatever it refuses.
   *
   * @param doing what is tried, for the error: `counting queue:shop/orders`
   * @throws {AmqpError} with the broker's reason, also when it does not answer in time
   */
  async withChannel<T>(vhost: string, doing: string, use: (channel: Channel) => Promise<T>): Promise<T> {
    const model = await this.connection(vhost)
    return this.#inTime(doing, async (late) => {
      const channel = await quietChannel(model)
      // Whatever arrives on it after that is requeued.
      late.addEventListener('abort', () => void closeChannel(channel), { once: true })
      try {
        return await use(channel)
      } finally {
        await closeChannel(channel)
      }
    })
  }

  /**
   * Asks one question on a channel that is kept for the next one, which takes a third of the round trips. A channel that
   * the broker has closed for its answer is kept no longer.
   *
   * @param doing what is tried, for the error: `counting queue:shop/orders`
   * @throws {AmqpError} with the broker's reason, also when it does not answer in time
   */
  async ask<T>(vhost: string, doing: string, question: (channel: Channel) => Promise<T>): Promise<T> {
    const model = await this.connection(vhost)
    return this.#inTime(doing, async () => {
      const idle = this.#idle.get(model) ?? []
      this.#idle.set(model, idle)
      const channel = idle.pop() ?? (await quietChannel(model))
      try {
        const answer = await question(channel)
        idle.push(channel)
        return answer
      } catch (error) {
        await closeChannel(channel)
        throw error
      }
    })
  }

  /**
   * Opens a connection to a virtual host and some channels at once, and closes the channels.
   *
   * @returns why that is not possible, such as a limit of connections or channels; undefined when it is
   */
  async whyNoChannels(vhost: string, channels: number): Promise<string | undefined> {
    let connection: OpenConnection | undefined
    try {
      const { model } = (connection = await this.opened(vhost))
      await this.#inTime('opening channels', async () => {
        const opened = await Promise.all(Array.from({ length: channels }, () => quietChannel(model)))
        await Promise.all(opened.map((channel) => closeChannel(channel)))
      })
      return undefined
    } catch (error) {
      if (error instanceof WrongBrokerError) throw error
      // The broker closes the whole connection for a channel over a limit.
      const reason: unknown = connection?.gone.reason ?? error
      return reason instanceof WarrenError ? reason.message : `the broker opens no channel: ${brokerReason(reason)}`
    }
  }

  async close(): Promise<void> {
    const connections = await Promise.allSettled(this.#connections.values())
    this.#connections.clear()
    const open = connections.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    await Promise.all(open.map((each) => each.close(CLOSE_DEADLINE)))
  }

  #open(vhost: string): Promise<OpenConnection> {
    const opening = openConnection(this.target, vhost, 'warren')
    const forget = (): void => {
      // The next one who asks opens another.
      if (this.#connections.get(vhost) === opening) this.#connections.delete(vhost)
    }
    this.#connections.set(vhost, opening)
    opening.then(({ gone }) => gone.addEventListener('abort', forget, { once: true }), forget)
    return opening
  }

  /** @param work gets a signal that is aborted when the time is over */
  async #inTime<T>(doing: string, work: (late: AbortSignal) => Promise<T>): Promise<T> {
    const milliseconds = this.target.timeout ?? DEFAULT_TIMEOUT
    const end = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      const reason = `the broker did not answer within ${milliseconds} ms`
      timer = setTimeout(() => {
        reject(new AmqpError(`${doing} failed`, { reason }))
        end.abort()
      }, milliseconds)
    })
    try {
      return await Promise.race([work(end.signal), late])
    } catch (error) {
      throw amqpError(error, doing)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** A channel whose errors do not reach the connection. */
export async function quietChannel(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel()
  channel.on('error', () => undefined)
  return channel
}

/** The same, on which the broker confirms what is published. */
export async function quietConfirmChannel(model: ChannelModel): Promise<ConfirmChannel> {
  const channel = await model.createConfirmChannel()
  channel.on('error', () => undefined)
  return channel
}

/** Closes a channel once the broker has worked off what was sent on it. Never rejects. */
export async function closeChannel(channel: Channel): Promise<void> {
  // amqplib never answers a close whose connection breaks meanwhile, but then it emits `close`.
  const gone = new Promise<void>((resolve) => channel.once('close', () => resolve()))
  try {
    await Promise.race([channel.close(), gone])
  } catch {
    // It was closed already.
  }
}
