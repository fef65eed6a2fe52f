import { inSeconds, NoAnswerError } from '../connections/answer-limit.ts'
import { type OpenConnection, saysBlocked } from '../connections/open-connection.ts'

/** How often a watch reports that it waits, in milliseconds. */
const PROGRESS_EVERY = 10_000
/** How early a timer may fire, in milliseconds. */
const TIMER_SLACK = 20
/** The factor by which the limit is longer while the broker blocks the connection. */
const BLOCKED_FACTOR = 2

/** The events that a watch reports. */
export interface WatchReports {
  /** Called every ten seconds in which nothing was confirmed. */
  readonly onWaiting?: ((text: string) => void) | undefined
  /** Called once if the broker has confirmed nothing for so long that the watch gives up. */
  readonly onSilent: (reason: Error) => void
}

/** Watches that the broker keeps confirming the messages that are published on a channel. */
export class ConfirmWatch implements Disposable {
  readonly #connection: OpenConnection
  readonly #where: string
  readonly #reports: WatchReports
  #published = 0
  #unconfirmed = 0
  #lastAnswer = 0
  #timer: NodeJS.Timeout | undefined

  /** @param where the destination of the published messages */
  constructor(connection: OpenConnection, where: string, reports: WatchReports) {
    this.#connection = connection
    this.#where = where
    this.#reports = reports
  }

  /** A message was published. */
  published(): void {
    this.#published += 1
    this.#unconfirmed += 1
    if (this.#timer !== undefined) return
    this.#lastAnswer = performance.now()
    const every = Math.min(PROGRESS_EVERY, this.#connection.answerLimit / 3)
    this.#timer = setInterval(() => this.#look(), every)
  }

  /** A message was confirmed or refused. */
  answered(): void {
    this.#lastAnswer = performance.now()
    this.#unconfirmed -= 1
    if (this.#unconfirmed === 0) this[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const { answerLimit, blocked } = this.#connection
    const limit = blocked === undefined ? answerLimit : answerLimit * BLOCKED_FACTOR
    const silence = performance.now() - this.#lastAnswer
    const seen = `${this.#unconfirmed} of ${this.#published} messages published to ${this.#where} are not confirmed`
    if (silence < limit - TIMER_SLACK) {
      const why = blocked === undefined ? '' : `, ${saysBlocked(blocked)}`
      this.#reports.onWaiting?.(`${seen} after ${inSeconds(silence)}${why}`)
      return
    }
    this[Symbol.dispose]()
    const reason = `${seen} after ${inSeconds(silence)}`
    // If the broker blocks the connection, it would also block the next one.
    const error = blocked === undefined ? new NoAnswerError(reason) : new Error(`${saysBlocked(blocked)}: ${reason}`)
    this.#reports.onSilent(error)
  }
}
