import { withCode } from '../../diagnostics/error-code.ts'
import { asError, errorMessage } from '../../diagnostics/thrown.ts'
import type { Subscription } from '../../model/routes.ts'
import { systemClock } from '../clock.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'
import type { OffsetStore } from '../offsets/offset-store.ts'
import { withDeadline } from '../with-deadline.ts'
import type { StreamPosition } from './stream-position.ts'

/** How often progress is written, in milliseconds. */
const WRITE_EVERY = 1_000
/** How long a store may take to answer, in milliseconds. */
const STORE_TIMEOUT = 10_000

/** Keeps the position of a running subscription in the program's store. */
export class KeptOffset {
  readonly #store: OffsetStore
  readonly #subscription: Subscription
  readonly #position: StreamPosition
  readonly #events: RuntimeEmitter
  readonly #name: string
  #timer: NodeJS.Timeout | undefined
  #written: number | undefined
  #writing: Promise<void> | undefined

  constructor(store: OffsetStore, subscription: Subscription, position: StreamPosition, events: RuntimeEmitter) {
    this.#store = store
    this.#subscription = subscription
    this.#position = position
    this.#events = events
    const { vhost, queue, name } = subscription
    this.#name = [vhost, queue, name].map(encodeURIComponent).join('/')
  }

  /**
   * Reads the kept offset, where the first session then begins.
   *
   * @throws {Error} `OFFSETS_UNAVAILABLE` when the store fails: another beginning could leave messages out
   */
  async read(): Promise<void> {
    try {
      const kept = await this.#ask(() => this.#store.read(this.#name))
      if (kept === undefined) return
      if (!(Number.isSafeInteger(kept) && kept >= 0)) throw new TypeError(`it answered ${JSON.stringify(kept)}`)
      this.#written = kept
      this.#position.resumeAt(kept)
    } catch (error) {
      const what = `the offset of subscription "${this.#subscription.name}" cannot be read: ${errorMessage(error)}`
      throw withCode('OFFSETS_UNAVAILABLE', new Error(what, { cause: error }))
    }
  }

  /** Writes progress from now on. */
  begin(): void {
    this.#timer = setInterval(() => void this.#write(), WRITE_EVERY)
    this.#timer.unref()
  }

  /** Writes the last progress. Never rejects; a store that fails is reported as an event. */
  async end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#writing
    await this.#write()
  }

  #write(): Promise<void> {
    // A slow store is not asked twice at once.
    this.#writing ??= this.#writeProgress().finally(() => (this.#writing = undefined))
    return this.#writing
  }

  async #writeProgress(): Promise<void> {
    const { settledBelow } = this.#position
    if (settledBelow === undefined || settledBelow === this.#written) return
    try {
      await this.#ask(() => this.#store.write(this.#name, settledBelow))
      this.#written = settledBelow
    } catch (error) {
      const { name, queue } = this.#subscription
      this.#events.emit('offsetsFailed', { subscription: name, queue, error: asError(error) })
    }
  }

  #ask<T>(question: () => Promise<T>): Promise<T> {
    // A store that throws instead of rejecting is a failed one, too.
    return withDeadline(systemClock, Promise.resolve().then(question), STORE_TIMEOUT, () =>
      withCode('OFFSETS_UNAVAILABLE', new Error(`the offset store did not answer within ${STORE_TIMEOUT} ms`)),
    )
  }
}
