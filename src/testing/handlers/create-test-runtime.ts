import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { chooseVhost } from '../../runtime/connection/choose-vhost.ts'
import { checkSchemas, DeclaredRoutes } from '../../runtime/routes/declared-routes.ts'
import { idempotencySettings } from '../../runtime/consume/idempotency-settings.ts'
import type { IdempotencyOptions, IdempotencySettings } from '../../runtime/consume/idempotency-settings.ts'
import type { Instrumentation } from '../../runtime/events/instrumentation.ts'
import { loadSchemaCompiler } from '../../runtime/routes/message-schema.ts'
import { readRoutes } from '../../runtime/routes/read-routes.ts'
import type { TopologySource } from '../../runtime/routes/read-routes.ts'
import type { RouteTypes } from '../../runtime/routes/route-types.ts'
import { RuntimeEmitter } from '../../runtime/events/runtime-events.ts'
import type { SchemasOf } from '../../runtime/routes/standard-schema.ts'
import { checkOptionNames } from '../check-option-names.ts'
import type { Routes } from '../../model/routes.ts'
import { TestClock } from './test-clock.ts'
import { InMemoryRuntime } from './test-runtime.ts'
import type { TestRuntime } from './test-runtime-types.ts'

/** Options of a test runtime. Options of a connection have no meaning here. */
export interface TestRuntimeOptions<Types extends RouteTypes = RouteTypes> {
  /** The vhost of the topology. Default: the only one. */
  readonly vhost?: string
  /**
   * Names of vhosts in the topology, and their names on the broker, as for `connect`. Default: the names in the
   * topology.
   */
  readonly vhosts?: Readonly<Record<string, string>>
  /** The validators that the program passes to `connect`. Default: only the schemas of the topology. */
  readonly schemas?: SchemasOf<Types>
  /** As for `connect`. Default: a store in memory that uses the clock of the test runtime. */
  readonly idempotency?: IdempotencyOptions | false
  /** Accompanies every message, such as `openTelemetry()`. Default: none. */
  readonly instrumentation?: Instrumentation
  /** The initial time of the clock. Default: 2025-01-01T00:00:00Z, so that every run is the same. */
  readonly startTime?: Date
}

const OPTIONS: Readonly<Record<keyof TestRuntimeOptions, true>> = {
  vhost: true,
  vhosts: true,
  schemas: true,
  idempotency: true,
  instrumentation: true,
  startTime: true,
}

const START = Date.UTC(2025, 0, 1)

/**
 * Creates a runtime in memory, for tests of handlers and of programs that publish. It needs no broker and no apply.
 * With a type that `warren types` generates, `createTestRuntime<Routes>(…)`, the compiler checks names, parameters
 * and bodies.
 *
 * @param topology the same as for `connect`: paths of YAML files and folders, the path of a compiled file (`*.json`),
 *   or the topology itself
 * @throws {InvalidInputError} when the files are invalid; its message contains the findings
 * @throws {ConnectError} when the topology has routes in several vhosts, and `vhost` chooses none
 * @throws {WarrenError} `INVALID_OPTION` when an option does not exist
 */
export async function createTestRuntime<Types extends RouteTypes = RouteTypes>(
  topology: TopologySource,
  options?: TestRuntimeOptions<NoInfer<Types>>,
): Promise<TestRuntime<Types>>
export async function createTestRuntime(
  topology: TopologySource,
  options: TestRuntimeOptions = {},
): Promise<TestRuntime> {
  checkOptionNames('createTestRuntime', options, Object.keys(OPTIONS))
  const { startTime, vhosts = {}, schemas } = options
  const clock = new TestClock(startTime?.getTime() ?? START)
  const secrets = new SecretRegistry()
  const all = await readRoutes(topology, process.env, secrets)
  const { vhost, routes } = chooseVhost(all, { option: options.vhost, url: undefined, renamed: vhosts })
  checkSchemas(routes, schemas ?? {})
  return new InMemoryRuntime({
    vhost,
    routes: new DeclaredRoutes(routes, await loadSchemaCompiler(routes), { schemas }),
    clock,
    events: new RuntimeEmitter(secrets),
    instrumentation: options.instrumentation,
    idempotency: await idempotencyOf(routes, options.idempotency, clock),
  })
}

/** A store in memory uses the clock of the test; a store from the test has its own clock. */
async function idempotencyOf(
  routes: Routes,
  options: IdempotencyOptions | false = {},
  clock: TestClock,
): Promise<IdempotencySettings | undefined> {
  const isAsked = routes.subscriptions.some(({ idempotencyKey }) => idempotencyKey !== undefined)
  if (options === false || !isAsked || options.store) return idempotencySettings(routes, options)
  const { memoryStore } = await import('../../runtime/idempotency/memory-store.ts')
  return idempotencySettings(routes, { ...options, store: memoryStore({ now: () => clock.now() }) })
}
