import type { Channel, ChannelModel } from 'amqplib'
import { socketOf } from './socket.ts'

/** How long the broker may take to answer a request or to confirm a message, in milliseconds. */
export const ANSWER_LIMIT = 30_000
/** How long a new channel that probes the connection may take to open, in milliseconds. */
const PROBE_LIMIT = 5_000
/** How long a channel may take to close, in milliseconds. */
const CLOSE_LIMIT = 5_000

/** The methods of amqplib's channels that wait for an answer of the broker, except for `close`. */
export const ANSWERED_METHODS = [
  'assertQueue',
  'checkQueue',
  'deleteQueue',
  'purgeQueue',
  'bindQueue',
  'unbindQueue',
  'assertExchange',
  'checkExchange',
  'deleteExchange',
  'bindExchange',
  'unbindExchange',
  'consume',
  'cancel',
  'get',
  'recover',
  'qos',
  'prefetch',
  'waitForConfirms',
] as const

/** The broker did not answer in time. It is unknown whether it executed the request. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError'
  readonly code = 'NO_ANSWER'
}

/** Whether an error or one of its causes is a `NoAnswerError`. */
export function isNoAnswer(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof NoAnswerError) return true
  }
  return false
}

/**
 * Limits every wait for an answer on a connection. amqplib has no limit: it would wait forever on a channel that the broker
 * has forgotten, or on a network that loses frames and keeps the connection.
 *
 * At the limit a new channel shows whether the connection still works. If it works, the channel without an answer is
 * closed; otherwise the connection is dropped. While the broker blocks the connection (memory or disk alarm), it reads
 * nothing, so the wait continues.
 *
 * @param limit in milliseconds
 */
export function limitAnswers(model: ChannelModel, limit = ANSWER_LIMIT): void {
  const createChannel = model.createChannel.bind(model)
  const answers = new AnswerLimit(model, limit, () => createChannel())
  const createConfirmChannel = model.createConfirmChannel.bind(model)
  const updateSecret = model.updateSecret.bind(model)
  model.createChannel = async (options) =>
    answers.limitChannel(await answers.within('createChannel', createChannel(options)))
  model.createConfirmChannel = async (options) =>
    answers.limitChannel(await answers.within('createConfirmChannel', createConfirmChannel(options)))
  model.updateSecret = (secret, reason) => answers.within('updateSecret', updateSecret(secret, reason))
}

type Method = (...given: unknown[]) => Promise<unknown>

class AnswerLimit {
  readonly #model: ChannelModel
  readonly #limit: number
  readonly #openChannel: () => Promise<Channel>
  #isBlocked = false
  #probing: Promise<boolean> | undefined

  constructor(model: ChannelModel, limit: number, openChannel: () => Promise<Channel>) {
    this.#model = model
    this.#limit = limit
    this.#openChannel = openChannel
    model.on('blocked', () => (this.#isBlocked = true))
    model.on('unblocked', () => (this.#isBlocked = false))
  }

  limitChannel<C extends Channel>(channel: C): C {
    const methods = channel as unknown as Record<string, Method | undefined>
    for (const name of ANSWERED_METHODS) {
      const method = methods[name]
      if (method === undefined) continue
      methods[name] = (...given) => this.within(name, method.apply(channel, given), channel)
    }
    const close = channel.close.bind(channel)
    channel.close = () => this.#closing(channel, close())
    return channel
  }

  /** @param channel the channel of the request */
  within<T>(request: string, answer: Promise<T>, channel?: Channel): Promise<T> {
    return new Promise((resolve, reject) => {
      let isOver = false
      let timer: NodeJS.Timeout
      const arm = (): void => void (timer = setTimeout(() => void expire(), this.#limit).unref())
      const end = (how: () => void): void => {
        isOver = true
        clearTimeout(timer)
        how()
      }
      const expire = async (): Promise<void> => {
        if (this.#isBlocked) return arm()
        const answersOthers = await this.#probe()
        if (isOver) return
        const which = answersOthers
          ? 'although it answers on another channel'
          : 'nor any other request on this connection'
        const error = new NoAnswerError(
          `the broker did not answer ${request} within ${inSeconds(this.#limit)}, ${which}`,
        )
        end(() => reject(error))
        if (!answersOthers) this.#drop(error)
        else void channel?.close().catch(() => undefined)
      }
      arm()
      answer.then(
        (value) => end(() => resolve(value)),
        (error: unknown) => end(() => reject(error)),
      )
    })
  }

  /** Rejects if the channel does not close in time. If it never closes, the connection is dropped. */
  #closing(channel: Channel, closed: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const error = new NoAnswerError(`the broker did not close a channel within ${inSeconds(this.#limit)}`)
      let isOver = false
      const give = async (): Promise<void> => {
        reject(error)
        if (!this.#isBlocked && !(await this.#probe()) && !isOver) this.#drop(error)
      }
      const soon = setTimeout(() => void give(), Math.min(CLOSE_LIMIT, this.#limit)).unref()
      // Its deliveries stay unacknowledged while the channel is open.
      const atLast = setTimeout(() => (this.#isBlocked ? atLast.refresh() : this.#drop(error)), this.#limit).unref()
      const end = (): void => {
        isOver = true
        clearTimeout(soon)
        clearTimeout(atLast)
      }
      channel.once('close', end)
      closed.finally(end).then(resolve, reject)
    })
  }

  /** Whether the broker opens another channel. */
  #probe(): Promise<boolean> {
    this.#probing ??= this.#opensChannel().finally(() => (this.#probing = undefined))
    return this.#probing
  }

  async #opensChannel(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), Math.min(PROBE_LIMIT, this.#limit))
    })
    const opened = this.#openChannel().then(
      (channel) => {
        channel.on('error', () => undefined)
        channel.close().catch(() => undefined)
        return true
      },
      () => false,
    )
    try {
      return await Promise.race([opened, late])
    } finally {
      clearTimeout(timer)
    }
  }

  #drop(error: Error): void {
    socketOf(this.#model)?.destroy(error)
  }
}

/** Formats milliseconds for people: `30 s`, `250 ms`. */
export function inSeconds(milliseconds: number): string {
  return milliseconds >= 1_000 ? `${Math.round(milliseconds / 1_000)} s` : `${Math.round(milliseconds)} ms`
}
