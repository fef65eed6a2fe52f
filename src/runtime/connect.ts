import { ExitCode } from '../diagnostics/exit-code.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import type { Routes } from '../model/routes.ts'
import { chooseVhost } from './choose-vhost.ts'
import { brokerAddresses } from './connection-settings.ts'
import type { BrokerAddress } from './connection-settings.ts'
import { DeclaredRoutes } from './declared-routes.ts'
import { loadSchemaCompiler } from './message-schema.ts'
import type { ConnectionSettings, TlsOptions } from './open-connection.ts'
import type { PublishWindow } from './publish-lane.ts'
import { readRoutes } from './read-routes.ts'
import type { TopologySource } from './read-routes.ts'
import { ReconnectingConnection } from './reconnecting-connection.ts'
import { RouteError } from './route-error.ts'
import { Runtime } from './runtime.ts'
import { RuntimeEmitter } from './runtime-events.ts'
import type { RuntimeEventName, RuntimeListener } from './runtime-events.ts'
import { findMissing } from './verify-routes.ts'

/** How to connect a program to the routes of a topology. */
export interface ConnectOptions {
  /** Paths of YAML files and folders, the path of a file that `warren compile` made (`*.json`), or the topology itself. */
  readonly topology: TopologySource
  /**
   * `amqp://user:password@host:5672/vhost`, or `amqps://`; several for the nodes of one cluster, tried in turn. Default, from the
   * environment: `WARREN_AMQP_URL`, else `AMQP_URL`, else `RABBITMQ_HOST`, `_PORT`, `_USER`, `_PASSWORD` and `_VHOST`.
   */
  readonly url?: string | readonly string[]
  /** The vhost on the broker. Default: the one of the URL, else the only one of the topology. */
  readonly vhost?: string
  /** Names of vhosts in the topology, and what they are called on this broker, like `--vhost FROM=TO`. */
  readonly vhosts?: Readonly<Record<string, string>>
  /**
   * The publications and subscriptions that this program uses: what they need must exist, or `connect` rejects.
   * Default: all of the vhost. Others can be used as well; they are verified then.
   */
  readonly routes?: readonly string[]
  readonly tls?: TlsOptions
  /** In seconds; a peer that is silent for two to three times as long is given up. 0 switches it off. Default 15. */
  readonly heartbeat?: number
  /** What the broker's management shows for the connections. Default: `warren`, process id and host. */
  readonly name?: string
  /**
   * How long a broker that cannot be reached is tried at first, in milliseconds. A refused login or vhost fails at
   * once. Default 30,000. Later on there is no limit.
   */
  readonly startTimeout?: number
  /** How long a publish may take until it is confirmed, in milliseconds. Default 30,000. */
  readonly publishTimeout?: number
  /** How much may be unconfirmed for each exchange; more waits. Default 1,000 messages and 16 MiB. */
  readonly window?: Partial<PublishWindow>
  /** Listeners that are there from the first moment, by the name of the event. */
  readonly on?: { readonly [N in RuntimeEventName]?: RuntimeListener<N> }
}

const DEFAULT_HEARTBEAT = 15
const DEFAULT_TIMEOUT = 30_000
const DEFAULT_WINDOW: PublishWindow = { messages: 1_000, bytes: 16 * 1024 * 1024 }

/**
 * Connects to the broker, and verifies that what the routes use exists there. It never declares anything: that is
 * what `warren apply` does. What the login may not look at counts as there.
 */
export async function connect(options: ConnectOptions): Promise<Runtime> {
  const addresses = brokerAddresses(options.url, process.env)
  const all = await readRoutes(options.topology, process.env)
  const { vhost, routes } = chooseVhost(all, {
    option: options.vhost,
    url: options.vhost === undefined ? sameVhost(addresses) : undefined,
    renamed: options.vhosts ?? {},
  })
  const settings: ConnectionSettings = {
    addresses,
    vhost,
    heartbeat: options.heartbeat ?? addresses[0]?.heartbeat ?? DEFAULT_HEARTBEAT,
    name: options.name,
    tls: options.tls,
  }
  const used = usedRoutes(routes, options.routes)
  const compileSchema = await loadSchemaCompiler(routes)
  const events = new RuntimeEmitter()
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
  return new Runtime({
    routes: new DeclaredRoutes(routes, compileSchema),
    settings,
    publishing,
    events,
    window: { ...DEFAULT_WINDOW, ...options.window },
    publishTimeout: options.publishTimeout ?? DEFAULT_TIMEOUT,
    startTimeout,
  })
}

function sameVhost(addresses: readonly BrokerAddress[]): string | undefined {
  const [first, ...others] = new Set(addresses.flatMap(({ vhost }) => vhost ?? []))
  if (others.length === 0) return first
  throw new WarrenError('the broker URLs name different vhosts', {
    exitCode: ExitCode.invalidInput,
    hint: 'several URLs are the nodes of one cluster, and all name the same vhost',
  })
}

function usedRoutes(routes: Routes, names: readonly string[] | undefined): Routes {
  if (!names) return routes
  const known = new Set([...routes.publications, ...routes.subscriptions].map(({ name }) => name))
  const unknown = names.find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw new RouteError(
      unknown,
      `the topology has no publication or subscription "${unknown}"`,
      `it has: ${[...known].join(', ')}`,
    )
  }
  return {
    publications: routes.publications.filter(({ name }) => names.includes(name)),
    subscriptions: routes.subscriptions.filter(({ name }) => names.includes(name)),
  }
}

async function verify(publishing: ReconnectingConnection, routes: Routes, deadline: number): Promise<void> {
  const missing = await findMissingNow(publishing, routes, deadline)
  const [first] = missing
  if (!first) return
  const others =
    missing.length === 1
      ? ''
      : `\n${missing
          .slice(1)
          .map(({ message }) => message)
          .join('\n')}`
  throw new RouteError(first.route, `${first.message}${others}`, first.hint ?? '')
}

async function findMissingNow(
  publishing: ReconnectingConnection,
  routes: Routes,
  deadline: number,
): Promise<RouteError[]> {
  for (;;) {
    const connection = await publishing.ready()
    try {
      return await findMissing(connection, routes)
    } catch (error) {
      // A connection that is lost meanwhile is no answer.
      if (!connection.isGone || performance.now() > deadline) throw error
    }
  }
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
