import type { Confirmed } from '../publish/outgoing-message.ts'
import type {
  ArgumentsOf,
  KnownPublication,
  KnownRequest,
  ReplyBody,
  RequestArguments,
  RouteTypes,
} from '../routes/route-types.ts'
import type { Runtime } from '../runtime-types.ts'

/**
 * Publishes and sends requests from the providers and controllers of Nest: inject it as `WarrenPublisher<Routes>`, so that the compiler checks names,
 * parameters and bodies.
 */
export class WarrenPublisher<Types extends RouteTypes = RouteTypes> {
  readonly #runtime: Pick<Runtime<Types>, 'publish' | 'request'>

  constructor(runtime: Pick<Runtime<Types>, 'publish' | 'request'>) {
    this.#runtime = runtime
  }

  /** Publishes a message to a declared publication: see `Runtime.publish`. */
  publish<Name extends string>(
    publication: KnownPublication<Types, Name>,
    ...message: ArgumentsOf<Types, Name>
  ): Promise<Confirmed> {
    return this.#runtime.publish<Name>(publication, ...message)
  }

  /** Sends a declared request, and resolves with the body of its reply: see `Runtime.request`. */
  request<Name extends string>(
    request: KnownRequest<Types, Name>,
    ...message: RequestArguments<Types, Name>
  ): Promise<ReplyBody<Types, Name>> {
    return this.#runtime.request<Name>(request, ...message)
  }
}
