import type { BatchHandler } from '../consume/batches.ts'
import type { Handler } from '../consume/handler-delivery.ts'
import type { Runtime } from '../runtime-types.ts'
import type { RequestHandler } from '../requests/request-handler.ts'
import { findDecorated } from './find-decorated.ts'
import type { DecoratedMethod, NestModule } from './find-decorated.ts'

type UsedRuntime = Pick<Runtime, 'consume' | 'consumeBatch' | 'respond' | 'stopConsuming' | 'close'>

/** Consumes and closes together with an application. Nest calls its methods. */
export class WarrenLifecycle {
  readonly #runtime: UsedRuntime
  readonly #modules: ReadonlyMap<unknown, NestModule>
  readonly #deadline: number

  constructor(runtime: UsedRuntime, modules: ReadonlyMap<unknown, NestModule>, deadline: number) {
    this.#runtime = runtime
    this.#modules = modules
    this.#deadline = deadline
  }

  /** Starts the consumers, because handlers may use what `onModuleInit` of other modules prepares. */
  async onApplicationBootstrap(): Promise<void> {
    for (const method of findDecorated(this.#modules.values())) await this.#start(method)
  }

  async #start({ handle, ...use }: DecoratedMethod): Promise<void> {
    switch (use.by) {
      case 'consume':
        return void (await this.#runtime.consume(use.route, handle as Handler, use.options))
      case 'consumeBatch':
        return void (await this.#runtime.consumeBatch(use.route, use.options, handle as BatchHandler))
      case 'respond':
        return void (await this.#runtime.respond(use.route, handle as RequestHandler, use.options))
    }
  }

  /** Runs before Nest closes the HTTP server, whose requests may still publish. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#runtime.stopConsuming({ deadline: this.#deadline })
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#runtime.close({ deadline: this.#deadline })
  }
}
