import type { BatchHandler } from '../consume/batches.ts'
import type { Handler } from '../consume/handler-delivery.ts'
import type { Runtime } from '../runtime-types.ts'
import { findSubscribers } from './find-subscribers.ts'
import type { NestModule } from './find-subscribers.ts'

/** Consumes and closes together with an application. Nest calls its methods. */
export class WarrenLifecycle {
  readonly #runtime: Pick<Runtime, 'consume' | 'consumeBatch' | 'stopConsuming' | 'close'>
  readonly #modules: ReadonlyMap<unknown, NestModule>
  readonly #deadline: number

  constructor(
    runtime: Pick<Runtime, 'consume' | 'consumeBatch' | 'stopConsuming' | 'close'>,
    modules: ReadonlyMap<unknown, NestModule>,
    deadline: number,
  ) {
    this.#runtime = runtime
    this.#modules = modules
    this.#deadline = deadline
  }

  /** Starts the consumers, because handlers may use what `onModuleInit` of other modules prepares. */
  async onApplicationBootstrap(): Promise<void> {
    for (const { subscription, options, batch, handle } of findSubscribers(this.#modules.values())) {
      if (batch) await this.#runtime.consumeBatch(subscription, batch, handle as BatchHandler)
      else await this.#runtime.consume(subscription, handle as Handler, options)
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
