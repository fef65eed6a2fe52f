import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { PublishLane } from './publish-lane.ts'
import type { PublishWindow } from './publish-lane.ts'
import type { Confirmed, OutgoingMessage, Patience } from './outgoing.ts'
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts'

/** Publishes to any exchange of a vhost: one lane for each. */
export class Publisher {
  readonly #lanes = new Map<string, PublishLane>()
  readonly #connection: ReconnectingConnection
  readonly #window: PublishWindow
  readonly #secrets: SecretRegistry
  #isClosed = false

  /** @param secrets those of the runtime, which no error shows */
  constructor(connection: ReconnectingConnection, window: PublishWindow, secrets: SecretRegistry) {
    this.#secrets = secrets
    this.#connection = connection
    this.#window = window
  }

  /** The largest frame that may be sent, in bytes. */
  get frameMax(): number {
    return this.#connection.current?.frameMax ?? Infinity
  }

  publish(exchange: string, message: OutgoingMessage, patience: Patience): Promise<Confirmed> {
    let lane = this.#lanes.get(exchange)
    if (!lane) {
      lane = new PublishLane(exchange, this.#connection, this.#window, this.#secrets)
      if (this.#isClosed) void lane.close()
      this.#lanes.set(exchange, lane)
    }
    return lane.publish(message, patience)
  }

  /** Resolves as soon as no caller waits any more. */
  async whenSettled(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.whenSettled()))
  }

  /** How many messages have callers that still wait. */
  get unsettled(): number {
    return [...this.#lanes.values()].reduce((sum, lane) => sum + lane.unsettled, 0)
  }

  /** Rejects what is not confirmed by now. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()))
  }
}
