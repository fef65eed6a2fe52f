import type { Delivery } from './delivery.ts'
import type { RateLimit } from '../../broker/amqp/rate-limit.ts'

/** Starts the handlers of deliveries in order, up to the concurrency and no faster than the rate limit. */
export class HandlerSlots {
  readonly #rate: RateLimit | undefined
  readonly #start: (delivery: Delivery) => void
  readonly #line: Delivery[] = []
  #free: number
  #timer: NodeJS.Timeout | undefined
  #isStarting = false
  #isOpen = false

  constructor(concurrency: number, rate: RateLimit | undefined, start: (delivery: Delivery) => void) {
    this.#free = concurrency
    this.#rate = rate
    this.#start = start
  }

  /** Starts handlers; deliveries wait until then. */
  begin(): void {
    this.#isOpen = true
    this.#startNext()
  }

  add(delivery: Delivery): void {
    this.#line.push(delivery)
    this.#startNext()
  }

  /** Frees the slot of a handler that has ended. */
  release(): void {
    this.#free++
    this.#startNext()
  }

  /** Starts no more handlers, and returns the waiting deliveries. */
  stop(): Delivery[] {
    this.#isOpen = false
    clearTimeout(this.#timer)
    return this.#line.splice(0)
  }

  #startNext(): void {
    // A handler that ends immediately releases its slot within the loop, so the loop continues without recursion.
    if (this.#isStarting || this.#timer) return
    this.#isStarting = true
    while (this.#free > 0 && this.#line.length > 0 && this.#isOpen) {
      const wait = this.#rate?.take() ?? 0
      if (wait > 0) {
        this.#timer = setTimeout(() => {
          this.#timer = undefined
          this.#startNext()
        }, wait)
        break
      }
      const next = this.#line.shift()
      if (!next) break
      this.#free--
      next.stage = 'running'
      this.#start(next)
    }
    this.#isStarting = false
  }
}
