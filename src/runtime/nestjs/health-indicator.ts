import type { Runtime } from '../runtime-types.ts'

/** The result that `@nestjs/terminus` expects from a health indicator. */
export type HealthResult<Key extends string = string> = Record<
  Key,
  { readonly status: 'up' | 'down'; readonly message?: string }
>

/**
 * Health checks for `@nestjs/terminus`.
 *
 * @example
 *   this.health.check([() => this.warren.isReady('rabbitmq')])
 */
export class WarrenHealthIndicator {
  readonly #runtime: Pick<Runtime, 'isReady' | 'isAlive'>

  constructor(runtime: Pick<Runtime, 'isReady' | 'isAlive'>) {
    this.#runtime = runtime
  }

  /** For a readiness probe: `up` when the runtime is connected, can publish, and every consumer consumes. */
  isReady<const Key extends string>(key: Key): HealthResult<Key> {
    return result(key, this.#runtime.isReady, 'the runtime is not connected, or a subscription is not consumed')
  }

  /** For a liveness probe: `down` when the runtime is closed, or a subscription has ended because of an error. */
  isAlive<const Key extends string>(key: Key): HealthResult<Key> {
    return result(key, this.#runtime.isAlive, 'the runtime is closed, or a subscription has ended because of an error')
  }
}

function result<Key extends string>(key: Key, isUp: boolean, message: string): HealthResult<Key> {
  return { [key]: isUp ? { status: 'up' } : { status: 'down', message } } as HealthResult<Key>
}
