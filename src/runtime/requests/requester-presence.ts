import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts'
import { ExistenceCheck } from '../routes/existence.ts'
import { REPLY_TO } from './reply-header.ts'

/** How long a sender that was there needs no other check, in milliseconds. */
const KNOWN_FOR = 1_000
/** The senders that are remembered, so that many of them cannot fill the memory. */
const MOST_KNOWN = 1_000

/**
 * Finds out whether the senders of requests are gone. The broker confirms a reply to a sender that is gone like any
 * other, and RabbitMQ 3.10 and 4.0 return every reply that is `mandatory`, even if they deliver it; 4.3 does not. A passive
 * declaration of the address answers on all versions. One check runs at a time, without delaying replies.
 */
export class RequesterPresence {
  readonly #connection: ReconnectingConnection
  readonly #known = new Map<string, number>()
  readonly #waiting = new Map<string, (() => void)[]>()
  #isRunning = false

  constructor(connection: ReconnectingConnection) {
    this.#connection = connection
  }

  /** Calls back if the sender is gone. */
  check(replyTo: string, onGone: () => void): void {
    if (!replyTo.startsWith(`${REPLY_TO}.`) || this.#isKnown(replyTo)) return
    const waiting = this.#waiting.get(replyTo)
    if (waiting) waiting.push(onGone)
    else this.#waiting.set(replyTo, [onGone])
    if (!this.#isRunning) void this.#run()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    for (const [replyTo, onGone] of this.#waiting) {
      this.#waiting.delete(replyTo)
      if (!this.#isKnown(replyTo) && (await this.#isGone(replyTo))) for (const call of onGone) call()
    }
    this.#isRunning = false
  }

  #isKnown(replyTo: string): boolean {
    return (this.#known.get(replyTo) ?? 0) > performance.now()
  }

  /** Without an answer, nothing is known, and nothing is reported. */
  async #isGone(replyTo: string): Promise<boolean> {
    const connection = this.#connection.current
    if (!connection) return false
    const check = new ExistenceCheck(connection.model)
    try {
      const existence = await check.of({ kind: 'queue', name: replyTo })
      if (this.#known.size >= MOST_KNOWN) this.#known.clear()
      if (existence === 'there') this.#known.set(replyTo, performance.now() + KNOWN_FOR)
      return existence === 'missing'
    } catch {
      return false
    } finally {
      await check.close()
    }
  }
}
