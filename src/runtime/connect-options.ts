import { ConnectError } from './connection/connect-error.ts'
import type { CredentialsProvider } from './connection/credentials.ts'
import type { TlsOptions } from './connection/connection-environment.ts'
import type { IdempotencyOptions } from './consume/idempotency-settings.ts'
import type { Instrumentation } from './events/instrumentation.ts'
import { unknownOption, unknownOptionHint } from './option-names.ts'
import type { OptionNames } from './option-names.ts'
import type { PayloadOptions } from './payloads/payload-store.ts'
import type { PublishWindow } from './publish/publisher.ts'
import type { TopologySource } from './routes/read-routes.ts'
import type { SchemasOf } from './routes/standard-schema.ts'
import type { RouteName, RouteTypes } from './routes/route-types.ts'
import type { RuntimeEventName, RuntimeListener } from './events/runtime-events.ts'
import type { RuntimeLogger } from './events/runtime-logger.ts'

/** Options for connecting a program to the routes of a topology. */
export interface ConnectOptions<Types extends RouteTypes = RouteTypes> {
  /** Paths of YAML files and folders, the path of a file that `warren compile` made (`*.json`), or the topology itself. */
  readonly topology: TopologySource
  /**
   * `amqp://user:password@host:5672/vhost`, or `amqps://`; several for the nodes of one cluster, tried in turn. Default, from the
   * environment or a `.env` file in the current folder: `WARREN_AMQP_URL`, else `AMQP_URL`, else `RABBITMQ_HOST`, `_PORT`, `_USER`, `_PASSWORD` and `_VHOST`.
   */
  readonly url?: string | readonly string[]
  /** The vhost on the broker. Default: that of the URL, else the only vhost of the topology. */
  readonly vhost?: string
  /** Renames vhosts of the topology to their names on this broker, like `--vhost FROM=TO`. */
  readonly vhosts?: Readonly<Record<string, string>>
  /**
   * The publications and subscriptions that this program uses. If an object that they need does not exist, `connect`
   * rejects. Default: all of the vhost. Others can be used too; they are verified on first use.
   */
  readonly routes?: readonly RouteName<Types>[]
  /**
   * Default, without `url`: the files that `RABBITMQ_CA_FILE`, `_CERT_FILE` and `_KEY_FILE` name, read with each connection; else the
   * system's authorities.
   */
  readonly tls?: TlsOptions
  /** `external` logs in by the client's certificate. Default: `RABBITMQ_AUTH` without `url`, else `plain`: name and password. */
  readonly auth?: 'plain' | 'external'
  /**
   * Returns the login, or an OAuth token as its password. Called before each attempt to connect, and with `expiresIn`
   * again before it expires. Default: the login of the URL or the environment, which is read again before each
   * attempt.
   */
  readonly credentials?: CredentialsProvider
  /**
   * In seconds; the connection is closed if the peer is silent for two to three times as long. 0 disables heartbeats.
   * Default 15.
   */
  readonly heartbeat?: number
  /** The name of the connections in the broker's management UI. Default: `warren`, process id and host. */
  readonly name?: string
  /**
   * How long `connect` tries to reach the broker, in milliseconds. A refused login or vhost fails immediately.
   * Default 30,000. Later reconnects have no limit.
   */
  readonly startTimeout?: number
  /** How long a publish may take until it is confirmed, in milliseconds. Default 30,000. */
  readonly publishTimeout?: number
  /**
   * How long the broker may take to answer, or to confirm at least one message, in milliseconds. Then the channel or
   * the connection is closed and reopened, and unconfirmed publishes reject as `unknown`. Default 30,000.
   */
  readonly answerTimeout?: number
  /** The limit of unconfirmed messages for each exchange; further messages wait. Default 1,000 messages and 16 MiB. */
  readonly window?: Partial<PublishWindow>
  /** The store for bodies that are too large for a queue. Default: none; large bodies are refused as `tooLarge`. */
  readonly payloads?: PayloadOptions
  /**
   * The destination of log messages: an object with pino's `info`, `warn` and `error`, or `false` for none. Default:
   * warnings and errors, one line each, on the standard error stream.
   */
  readonly logger?: RuntimeLogger | false
  /**
   * Validators of messages by the name of the publication or subscription, in addition to the schemas of the topology.
   * Any library that follows Standard Schema works, such as zod. Validators must be synchronous, and check a message as
   * it is transmitted.
   */
  readonly schemas?: SchemasOf<Types>
  /**
   * How duplicates are detected, on subscriptions with `idempotencyKey`. `false` disables it; the handler still
   * receives the key.
   */
  readonly idempotency?: IdempotencyOptions | false
  /** Called for every message: `openTelemetry()` of `warren/opentelemetry`, or your own. Default: none. */
  readonly instrumentation?: Instrumentation
  /** Listeners by the name of the event. They receive all events, from the first on. */
  readonly on?: { readonly [N in RuntimeEventName]?: RuntimeListener<N> }
}

const OPTIONS: OptionNames<ConnectOptions> = {
  topology: true,
  url: true,
  vhost: true,
  vhosts: true,
  routes: true,
  tls: true,
  auth: true,
  credentials: true,
  heartbeat: true,
  name: true,
  startTimeout: true,
  publishTimeout: true,
  answerTimeout: true,
  window: true,
  payloads: true,
  logger: true,
  idempotency: true,
  instrumentation: true,
  schemas: true,
  on: true,
}

/** Checks at run time what the compiler would report, because many programs are not compiled. */
export async function checkOptions(options: ConnectOptions): Promise<void> {
  const given: Partial<ConnectOptions> | undefined = options
  if (given?.topology === undefined) {
    throw invalid('connect() needs the topology', "give the paths of its files, such as { topology: 'topology.yaml' }")
  }
  const unknown = unknownOption(options, OPTIONS)
  if (unknown !== undefined) {
    throw invalid(`connect() has no option "${unknown}"`, await unknownOptionHint(unknown, OPTIONS))
  }
  const { auth, credentials, logger, routes } = options
  if (auth !== undefined && auth !== 'plain' && auth !== 'external') {
    throw invalid(
      `auth must be plain or external, not ${String(auth)}`,
      'leave out auth to log in with a name and a password',
    )
  }
  if (credentials !== undefined && typeof credentials !== 'function') {
    throw invalid('credentials must be a function', 'give one such as () => ({ username, password })')
  }
  if (routes !== undefined && !Array.isArray(routes)) {
    throw invalid('routes must be a list of names', "write it as routes: ['name of a publication or subscription']")
  }
  if (logger && !LEVELS.every((level) => typeof logger[level] === 'function')) {
    throw invalid('the logger needs the functions info, warn and error', 'give one such as pino(), or false for none')
  }
}

const LEVELS = ['info', 'warn', 'error'] as const

function invalid(message: string, hint: string): ConnectError {
  return new ConnectError(message, { code: 'INVALID_OPTION', hint })
}
