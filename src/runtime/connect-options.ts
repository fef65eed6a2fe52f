import { ExitCode } from '../diagnostics/exit-code.ts'
import { ConnectError } from './connect-error.ts'
import type { TlsOptions } from './open-connection.ts'
import { unknownOption, unknownOptionHint } from './option-names.ts'
import type { OptionNames } from './option-names.ts'
import type { PublishWindow } from './publish-lane.ts'
import type { TopologySource } from './read-routes.ts'
import type { RuntimeEventName, RuntimeListener } from './runtime-events.ts'
import type { RuntimeLogger } from './runtime-logger.ts'

/** How to connect a program to the routes of a topology. */
export interface ConnectOptions {
  /** Paths of YAML files and folders, the path of a file that `warren compile` made (`*.json`), or the topology itself. */
  readonly topology: TopologySource
  /**
   * `amqp://user:password@host:5672/vhost`, or `amqps://`; several for the nodes of one cluster, tried in turn. Default, from the
   * environment or a `.env` file in the current folder: `WARREN_AMQP_URL`, else `AMQP_URL`, else `RABBITMQ_HOST`, `_PORT`, `_USER`, `_PASSWORD` and `_VHOST`.
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
  /**
   * Where to write what happens: anything with pino's `info`, `warn` and `error`, or `false` for nowhere.
   * Default: warnings and errors, one line each, on the standard error stream.
   */
  readonly logger?: RuntimeLogger | false
  /** Listeners that are there from the first moment, by the name of the event. */
  readonly on?: { readonly [N in RuntimeEventName]?: RuntimeListener<N> }
}

const OPTIONS: OptionNames<ConnectOptions> = {
  topology: true,
  url: true,
  vhost: true,
  vhosts: true,
  routes: true,
  tls: true,
  heartbeat: true,
  name: true,
  startTimeout: true,
  publishTimeout: true,
  window: true,
  logger: true,
  on: true,
}

/** Throws what the compiler would have said: many programs are not compiled. */
export async function checkOptions(options: ConnectOptions): Promise<void> {
  const given: Partial<ConnectOptions> | undefined = options
  if (given?.topology === undefined) {
    throw invalid('connect() needs the topology', "give the paths of its files, such as { topology: 'topology.yaml' }")
  }
  const unknown = unknownOption(options, OPTIONS)
  if (unknown !== undefined) {
    throw invalid(`connect() has no option "${unknown}"`, await unknownOptionHint(unknown, OPTIONS))
  }
  const { logger, routes } = options
  if (routes !== undefined && !Array.isArray(routes)) {
    throw invalid('routes must be a list of names', "write it as routes: ['name of a publication or subscription']")
  }
  if (logger && !LEVELS.every((level) => typeof logger[level] === 'function')) {
    throw invalid('the logger needs the functions info, warn and error', 'give one such as pino(), or false for none')
  }
}

const LEVELS = ['info', 'warn', 'error'] as const

function invalid(message: string, hint: string): ConnectError {
  return new ConnectError(message, { exitCode: ExitCode.invalidInput, hint })
}
