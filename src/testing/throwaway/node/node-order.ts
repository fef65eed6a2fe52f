import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Login } from '../broker.ts'
import type { InstalledServer } from './find-server.ts'
import type { KeeperOrder } from './keeper.js'

/** The ports of a private node, all of them on 127.0.0.1. */
export interface NodePorts {
  readonly amqp: number
  readonly management: number
  /** The port on which Erlang nodes and tools connect to this one. */
  readonly distribution: number
  readonly epmd: number
}

/** The settings of a node that differ from the defaults of its version. */
export interface NodeSettings {
  /** Plugins to enable in addition to `rabbitmq_management`. Default: none. */
  readonly plugins?: readonly string[]
  /** Additional lines of its `rabbitmq.conf`. Default: none. */
  readonly configuration?: readonly string[]
  /** Its `advanced.config`: Erlang terms for settings that `rabbitmq.conf` does not have. Default: none. */
  readonly advanced?: string
}

/**
 * Builds the order for a private node: files, programs and environment. It is independent of the system's RabbitMQ (its
 * configuration, data, cookie, logs and port mapper).
 */
export function nodeOrder(
  folder: string,
  server: InstalledServer,
  ports: NodePorts,
  login: Login,
  { plugins = [], configuration = [], advanced }: NodeSettings,
): KeeperOrder {
  const inFolder = (name: string) => join(folder, name)
  const files = [
    { name: 'rabbitmq.conf', content: configurationOf(ports, login, configuration) },
    { name: 'enabled_plugins', content: `[${['rabbitmq_management', ...plugins].join(',')}].\n` },
    { name: 'rabbitmq-env.conf', content: '' },
    { name: '.erlang.cookie', content: randomBytes(24).toString('hex') },
    ...(advanced === undefined ? [] : [{ name: 'advanced.config', content: advanced }]),
  ]
  const epmd = { command: server.epmd ?? '', args: ['-port', String(ports.epmd), '-address', '127.0.0.1'] }
  return {
    folder,
    output: inFolder('output.log'),
    socket: socketOf(folder),
    files,
    programs: [...(server.epmd === undefined ? [] : [epmd]), { command: server.script, args: [] }],
    environment: {
      PATH: server.path,
      // Erlang's cookie is stored in the home folder.
      HOME: folder,
      LANG: 'C.UTF-8',
      // The host in the name has to resolve, and `localhost` resolves everywhere.
      RABBITMQ_NODENAME: `warren-${randomBytes(4).toString('hex')}@localhost`,
      RABBITMQ_CONFIG_FILE: inFolder('rabbitmq.conf'),
      RABBITMQ_CONFIG_FILES: inFolder('conf.d'),
      RABBITMQ_ADVANCED_CONFIG_FILE: inFolder('advanced.config'),
      RABBITMQ_CONF_ENV_FILE: inFolder('rabbitmq-env.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: inFolder('enabled_plugins'),
      RABBITMQ_MNESIA_BASE: inFolder('data'),
      RABBITMQ_LOG_BASE: inFolder('log'),
      RABBITMQ_PID_FILE: inFolder('server.pid'),
      RABBITMQ_DIST_PORT: String(ports.distribution),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      // RabbitMQ starts Erlang with `+sbwt none`, which doubles the time for loading code, most of the start-up.
      RABBITMQ_SCHEDULER_BUSY_WAIT_THRESHOLD: 'very_short',
      ERL_EPMD_PORT: String(ports.epmd),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      // Otherwise a failed start first writes the whole memory to a file.
      ERL_CRASH_DUMP_SECONDS: '0',
    },
  }
}

/** The socket in a node's folder that accepts `stop` after the node has become a background node. */
export function socketOf(folder: string): string {
  return join(folder, 'keeper.sock')
}

/** Only this file contains the password, because other users can see command lines and environments. */
function configurationOf(ports: NodePorts, login: Login, more: readonly string[]): string {
  return [
    `listeners.tcp.default = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
    `default_user = ${login.username}`,
    `default_pass = ${login.password}`,
    // Only errors, on standard output, where the reason of a failed start is expected.
    'log.file = false',
    'log.console = true',
    'log.console.level = error',
    ...more,
    '',
  ].join('\n')
}
