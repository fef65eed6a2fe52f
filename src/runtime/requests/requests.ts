import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts'
import type { Handler } from '../consume/handler-delivery.ts'
import type { Observer } from '../events/observer.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'
import type { AnswerFailure } from '../failure/failure-handling.ts'
import { unknownOption } from '../option-names.ts'
import type { PublishWindow } from '../publish/publisher.ts'
import type { DeclaredRequest } from '../routes/declared-routes.ts'
import { BrokerReplies } from './broker-replies.ts'
import { REQUEST_OPTIONS, refuseUnknownOption } from './request-options.ts'
import type { RequestOptions } from './request-options.ts'
import { Requester } from './requester.ts'
import { Responder } from './responder.ts'

/** The parts of a runtime that its requests need. */
export interface RequestParts {
  readonly publishing: ReconnectingConnection
  readonly window: PublishWindow
  readonly events: RuntimeEmitter
  readonly observer: Observer
  readonly publishTimeout: number
}

/** Sends and answers the requests of a runtime. */
export class Requests {
  readonly #events: RuntimeEmitter
  readonly #requester: Requester
  readonly #replies: BrokerReplies

  constructor({ publishing, window, events, observer, publishTimeout }: RequestParts) {
    const { secrets } = events
    this.#events = events
    this.#requester = new Requester({ publishing, window, secrets, observer })
    this.#replies = new BrokerReplies(publishing, { window, secrets }, publishTimeout)
  }

  /** The number of requests whose replies have not arrived. */
  get unanswered(): number {
    return this.#requester.unanswered
  }

  async request(declared: DeclaredRequest, body: unknown, options: RequestOptions): Promise<unknown> {
    const unknown = unknownOption(options, REQUEST_OPTIONS)
    if (unknown !== undefined) return refuseUnknownOption(declared.request.name, unknown)
    return this.#requester.request(declared, body, options)
  }

  /** The handler of the subscription, and the function that reports its failures to the sender. */
  respond(declared: DeclaredRequest, handler: Handler): { handler: Handler; answerFailure: AnswerFailure } {
    const responder = new Responder(declared, this.#replies, this.#events)
    return { handler: responder.answering(handler), answerFailure: responder.answerFailure }
  }

  async close(): Promise<void> {
    await Promise.all([this.#requester.close(), this.#replies.close()])
  }
}
