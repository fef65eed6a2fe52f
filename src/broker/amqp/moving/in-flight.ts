import type { ConsumeMessage } from 'amqplib'

/** A message that was received and not acknowledged. */
export interface InFlightMessage {
  readonly message: ConsumeMessage
  /** Whether the broker has confirmed that the other queue has it. */
  isConfirmed: boolean
}

/** The messages that a mover has received and not acknowledged, in the order of their deliveries. */
export class InFlight {
  readonly #messages: InFlightMessage[] = []
  #received = 0
  #unconfirmed = 0

  get length(): number {
    return this.#messages.length
  }

  /** How many messages were received in all. */
  get received(): number {
    return this.#received
  }

  /** How many of the messages the broker has not confirmed. */
  get unconfirmed(): number {
    return this.#unconfirmed
  }

  add(message: ConsumeMessage): InFlightMessage {
    const added = { message, isConfirmed: false }
    this.#messages.push(added)
    this.#received += 1
    this.#unconfirmed += 1
    return added
  }

  confirm(each: InFlightMessage): void {
    each.isConfirmed = true
    this.#unconfirmed -= 1
  }

  /**
   * Removes the messages before the first unconfirmed one, so that a single frame may acknowledge them.
   *
   * @param atMost how many to remove
   */
  takeConfirmed(atMost: number): readonly ConsumeMessage[] {
    const first = this.#messages.findIndex(({ isConfirmed }) => !isConfirmed)
    const count = Math.min(first === -1 ? this.#messages.length : first, atMost)
    return this.#messages.splice(0, count).map(({ message }) => message)
  }
}
