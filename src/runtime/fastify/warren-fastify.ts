import type { Runtime } from '../runtime-types.ts'
import type { RouteTypes } from '../routes/route-types.ts'

/** The part of a Fastify instance that the plugin uses. */
export interface FastifyHost {
  decorate(name: string, value: unknown): unknown
  addHook(name: 'onReady' | 'preClose' | 'onClose', hook: () => Promise<void>): unknown
}

/** Options of the plugin. */
export interface WarrenFastifyOptions<Types extends RouteTypes = RouteTypes> {
  /** The runtime, as `connect` returns it. The plugin closes it together with the server. */
  readonly runtime: Runtime<Types>
  /** Starts the consumers when all plugins are loaded, before the server listens. */
  readonly consume?: (runtime: Runtime<Types>) => unknown
  /** The name under which the instance offers the runtime. Default `warren`. */
  readonly decorateAs?: string
  /** The time limit for handlers, and then for closing the runtime, each in milliseconds. Default 10,000 for each. */
  readonly deadline?: number
}

const DEFAULT_DEADLINE = 10_000

/**
 * A plugin for Fastify that offers the runtime as `fastify.warren` and closes it in the right order with
 * `fastify.close()`: it stops consuming, Fastify lets requests end, handlers end, the broker confirms their messages,
 * and the connections close.
 */
export async function warrenFastify<Types extends RouteTypes = RouteTypes>(
  fastify: FastifyHost,
  { runtime, consume, decorateAs = 'warren', deadline = DEFAULT_DEADLINE }: WarrenFastifyOptions<Types>,
): Promise<void> {
  let stopped: Promise<unknown> = Promise.resolve()
  fastify.decorate(decorateAs, runtime)
  if (consume) {
    fastify.addHook('onReady', async () => {
      await consume(runtime)
    })
  }
  fastify.addHook('preClose', async () => {
    // Not awaited, because Fastify ends the requests only after this hook, and a handler may wait for one.
    stopped = runtime.stopConsuming({ deadline })
  })
  fastify.addHook('onClose', async () => {
    await stopped
    await runtime.close({ deadline })
  })
}

// Like the package fastify-plugin: otherwise, only the plugin's own routes would see the runtime.
Object.assign(warrenFastify, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'warren',
})
