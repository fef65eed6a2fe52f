import { brokerReason } from '../diagnostics/broker-reason.ts'
import { isNoAnswer } from '../broker/amqp/connections/answer-limit.ts'
import type { Routes } from '../model/routes.ts'
import { maskThrown } from '../model/secrets/mask-thrown.ts'
import { chooseVhost } from './connection/choose-vhost.ts'
import { PayloadOffload } from './payloads/payload-offload.ts'
import { ConnectError } from './connection/connect-error.ts'
import { checkOptions } from './connect-options.ts'
import type { ConnectOptions } from './connect-options.ts'
import { connectionEnvironment, tlsFromEnvironment } from './connection/connection-environment.ts'
import { brokerAddresses } from './connection/connection-settings.ts'
import type { BrokerAddress } from './connection/connection-settings.ts'
import { checkNames, checkSchemas, DeclaredRoutes } from './routes/declared-routes.ts'
import { checkEncodings } from './routes/check-encodings.ts'
import { idempotencySettings } from './consume/idempotency-settings.ts'
import { logEvents } from './events/log-events.ts'
import { loadSchemaCompiler } from './routes/message-schema.ts'
import { Observer } from './events/observer.ts'
import type { ConnectionSettings } from './connection/log-in.ts'
import type { OpenConnection } from '../broker/amqp/connections/open-connection.ts'
import { pause } from './pause.ts'
import type { PublishWindow } from './publish/publisher.ts'
import { readRoutes } from './routes/read-routes.ts'
import { ReconnectingConnection } from './connection/reconnecting-connection.ts'
import { missingError } from './routes/route-error.ts'
import type { Missing } from './routes/route-error.ts'
import { BrokerRuntime } from './runtime.ts'
import type { RouteTypes } from './routes/route-types.ts'
import { RuntimeEmitter } from './events/runtime-events.ts'
import type { Runtime } from './runtime-types.ts'
import { RuntimeSecrets } from './events/runtime-secrets.ts'
import type { RuntimeEventName, RuntimeListener } from './events/runtime-events.ts'
import { stderrLogger } from './events/runtime-logger.ts'
import { findMissing } from './routes/verify-routes.ts'

const DEFAULT_HEARTBEAT = 15
const DEFAULT_TIMEOUT = 30_000
const DEFAULT_WINDOW: PublishWindow = { messages: 1_000, bytes: 16 * 1024 * 1024 }

/**
 * Connects to the broker, and checks that the objects of the routes exist. It never declares anything; use `warren
 * apply` for that. If the login may not read an object, it assumes that the object exists.
 *
 * With a type that `warren types` has generated, `connect<Routes>(…)`, the compiler checks names, parameters and
 * bodies.
 */
export async function connect<Types extends RouteTypes = RouteTypes>(
  options: ConnectOptions<NoInfer<Types>>,
): Promise<Runtime<Types>>
export async function connect(options: ConnectOptions): Promise<Runtime> {
  const secrets = new RuntimeSecrets()
  try {
    return await connectWith(options, secrets)
  } catch (error) {
    throw maskThrown(error, secrets.registry)
  }
}

/** @param secrets the registry for the runtime's credentials and for values from files */
async function connectWith(options: ConnectOptions, secrets: RuntimeSecrets): Promise<Runtime> {
  await checkOptions(options)
  secrets.registry.addFrom(options.url)
  const environment = () => (options.url === undefined ? connectionEnvironment(process.env) : {})
  const readAddresses = () =>
    secrets
      .ofAddresses(brokerAddresses(options.url, environment()))
      .map((each) => (options.auth ? { ...each, external: options.auth === 'external' } : each))
  const readTls = () => secrets.ofTls(options.tls ?? tlsFromEnvironment(environment()))
  const addresses = readAddresses()
  readTls()
  const all = await readRoutes(options.topology, process.env, secrets.registry)
  const { vhost, routes } = chooseVhost(all, {
    option: options.vhost,
    url: options.vhost === undefined ? sameVhost(addresses) : undefined,
    renamed: options.vhosts ?? {},
  })
  const offload = options.payloads && new PayloadOffload(options.payloads)
  const settings: ConnectionSettings = {
    addresses: readAddresses,
    vhost,
    heartbeat: options.heartbeat ?? addresses[0]?.heartbeat ?? DEFAULT_HEARTBEAT,
    name: options.name,
    tls: readTls,
    credentials: secrets.ofProvider(options.credentials),
    answerLimit: options.answerTimeout,
  }
  const used = usedRoutes(routes, options.routes)
  checkEncodings(used)
  const idempotency = await idempotencySettings(routes, options.idempotency)
  checkSchemas(routes, options.schemas ?? {})
  const compileSchema = await loadSchemaCompiler(routes)
  const events = new RuntimeEmitter(secrets.registry)
  if (options.logger !== false) logEvents(events, options.logger ?? stderrLogger)
  listen(events, options.on ?? {})

  const startTimeout = options.startTimeout ?? DEFAULT_TIMEOUT
  const publishing = new ReconnectingConnection('publish', settings, events)
  await publishing.start(startTimeout)
  try {
    await verify(publishing, used, performance.now() + startTimeout)
  } catch (error) {
    await publishing.close(1_000)
    throw error
  }
  return new BrokerRuntime({
    routes: new DeclaredRoutes(routes, compileSchema, { schemas: options.schemas, storeAbove: offload?.above }),
    offload,
    settings,
    publishing,
    events,
    observer: new Observer(events, options.instrumentation),
    idempotency,
    window: { ...DEFAULT_WINDOW, ...options.window },
    publishTimeout: options.publishTimeout ?? DEFAULT_TIMEOUT,
    startTimeout,
  })
}

function sameVhost(addresses: readonly BrokerAddress[]): string | undefined {
  const [first, ...others] = new Set(addresses.flatMap(({ vhost }) => vhost ?? []))
  if (others.length === 0) return first
  throw new ConnectError('the broker URLs name different vhosts', {
    code: 'INVALID_CONNECTION',
    hint: 'several URLs stand for the nodes of one cluster, so all of them must name the same vhost',
  })
}

function usedRoutes(routes: Routes, names: readonly string[] | undefined): Routes {
  if (!names) return routes
  checkNames(routes, names)
  return {
    publications: routes.publications.filter(({ name }) => names.includes(name)),
    subscriptions: routes.subscriptions.filter(({ name }) => names.includes(name)),
  }
}

async function verify(publishing: ReconnectingConnection, routes: Routes, deadline: number): Promise<void> {
  const error = missingError(await findMissingNow(publishing, routes, deadline))
  if (error) throw error
}

async function findMissingNow(
  publishing: ReconnectingConnection,
  routes: Routes,
  deadline: number,
): Promise<Missing[]> {
  for (let reason: unknown = 'the connection was lost'; ;) {
    const connection = await readyBy(publishing, deadline)
    if (connection === undefined) throw notVerified(reason)
    try {
      return await findMissing(connection, routes)
    } catch (error) {
      // If the connection is lost meanwhile, or does not answer, nothing is known about the routes.
      const isUnclear = connection.isGone || isNoAnswer(error)
      if (!isUnclear) throw error
      reason = error
    }
  }
}

/** Resolves with the open connection, or with undefined if it does not open in time. */
async function readyBy(publishing: ReconnectingConnection, deadline: number): Promise<OpenConnection | undefined> {
  const remaining = deadline - performance.now()
  if (remaining <= 0) return undefined
  const end = new AbortController()
  const late = pause(remaining, end.signal).then(() => undefined)
  try {
    return await Promise.race([publishing.ready(), late])
  } finally {
    end.abort()
  }
}

function notVerified(error: unknown): ConnectError {
  return new ConnectError(`the routes could not be verified: ${brokerReason(error)}`, {
    code: 'UNREACHABLE',
    hint: 'check whether the broker answers, and raise startTimeout if it is slow',
    cause: error,
  })
}

function listen(events: RuntimeEmitter, listeners: NonNullable<ConnectOptions['on']>): void {
  for (const name of Object.keys(listeners) as RuntimeEventName[]) addListener(events, name, listeners)
}

function addListener<N extends RuntimeEventName>(
  events: RuntimeEmitter,
  name: N,
  listeners: { readonly [K in RuntimeEventName]?: RuntimeListener<K> },
): void {
  const listener: RuntimeListener<N> | undefined = listeners[name]
  if (listener) events.on(name, listener)
}
