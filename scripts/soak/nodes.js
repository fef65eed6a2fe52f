import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findServer } from '../../build/testing/throwaway/node/find-server.js'
import { freePorts } from '../../build/testing/throwaway/node/free-ports.js'
import { keepNode } from '../../build/testing/throwaway/node/keep-node.js'
import { versionsIn, writeStarter } from '../matrix/server-in-tree.js'

/** How long all nodes may take to start, in milliseconds. */
const START = 240_000

/**
 * One node of the broker under test. It restarts by itself after it is killed, as under a supervisor.
 *
 * @typedef {{ name: string, amqp: number, management: number, pidFile: string }} Node
 */

/**
 * Starts a broker of one or several nodes, which end with this process.
 *
 * @param {number} count
 * @param {readonly string[]} plugins in addition to the management plugin
 */
export async function startNodes(count, plugins = []) {
  const server = await findServer(process.env)
  if (!server?.epmd) throw new Error('there is no RabbitMQ server with its port mapper: run npm run setup')
  const folder = join(tmpdir(), `warren-soak-${randomBytes(6).toString('hex')}`)
  const [epmd = 0, ...ports] = await freePorts(1 + 3 * count)
  const login = { username: 'soak', password: randomBytes(18).toString('base64url') }
  const nodes = Array.from({ length: count }, (_, at) => {
    const name = `soak-${at}-${randomBytes(4).toString('hex')}@localhost`
    const [amqp = 0, management = 0, distribution = 0] = ports.slice(at * 3)
    return { name, amqp, management, distribution, pidFile: join(folder, `${at}.pid`) }
  })
  const names = nodes.map(({ name }) => name)
  const environment = {
    PATH: server.path,
    HOME: folder,
    LANG: 'C.UTF-8',
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_CRASH_DUMP_SECONDS: '0',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  }
  const kept = keepNode({
    folder,
    output: join(folder, 'output.log'),
    socket: join(folder, 'keeper.sock'),
    files: [
      { name: '.erlang.cookie', content: randomBytes(24).toString('hex') },
      { name: 'enabled_plugins', content: `[${['rabbitmq_management', ...plugins].join(',')}].\n` },
      ...nodes.map((node, at) => ({ name: `${at}.conf`, content: configuration(node, names, login) })),
    ],
    programs: [
      { command: server.epmd, args: ['-port', String(epmd), '-address', '127.0.0.1'] },
      ...nodes.map((node, at) => ({ command: '/bin/sh', args: ['-c', supervised(server.script, folder, node, at)] })),
    ],
    environment,
  })
  const stop = () => kept.remove()
  try {
    await Promise.race([
      upAndTogether(nodes, login),
      kept.ended.then((reason) => Promise.reject(new Error(`the broker ended with ${reason}`))),
    ])
  } catch (error) {
    const output = await kept.output()
    await stop()
    throw new Error(`${error.message}\n${output.slice(-2_000)}`, { cause: error })
  }
  const control = controlProgram(server.script, folder)
  /** @param {Node} node */
  const processOf = (node) => Number(readFileSync(node.pidFile, 'utf8'))
  return {
    nodes,
    login,
    stop,
    processOf,
    /** @param {Node} node */
    kill: (node, signal = 'SIGKILL') => process.kill(processOf(node), signal),
    /** @param {Node} node @param {string[]} args the arguments of rabbitmqctl */
    control: (node, ...args) =>
      promisify(execFile)(control, ['--node', node.name, ...args], {
        env: { ...environment, WARREN_BROKER_FOLDER: folder },
      }),
    /** The program that `control` calls, for a shell. */
    controlProgram: { file: control, environment: { ...environment, WARREN_BROKER_FOLDER: folder } },
    isUp: (node) => isUp(node, login, 1),
  }
}

/** @param {Node} node @param {string[]} names */
function configuration(node, names, { username, password }) {
  const peers = names.map((name, at) => `cluster_formation.classic_config.nodes.${at + 1} = ${name}`)
  return [
    `listeners.tcp.default = 127.0.0.1:${node.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${node.management}`,
    `default_user = ${username}`,
    `default_pass = ${password}`,
    'log.file = false',
    'log.console = true',
    'log.console.level = error',
    ...(names.length > 1 ? ['cluster_formation.peer_discovery_backend = classic_config', ...peers] : []),
    '',
  ].join('\n')
}

/** Runs a node, and restarts it whenever it ends. */
function supervised(script, folder, { name, distribution, pidFile }, at) {
  const own = {
    RABBITMQ_NODENAME: name,
    RABBITMQ_DIST_PORT: distribution,
    RABBITMQ_PID_FILE: pidFile,
    RABBITMQ_CONFIG_FILE: join(folder, `${at}.conf`),
    RABBITMQ_CONFIG_FILES: join(folder, 'conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, `data-${at}`),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
  }
  const variables = Object.entries(own).map(([key, value]) => `export ${key}='${value}'`)
  return `${variables.join('; ')}; while :; do '${script}'; sleep 1; done`
}

/** The rabbitmqctl of a server. In a tree of Debian, it has to run in the tree, like the server. */
function controlProgram(script, folder) {
  const home = dirname(dirname(script))
  const root = join(home, 'root')
  if (!existsSync(root)) return join(dirname(script), 'rabbitmqctl')
  const file = join(folder, 'rabbitmqctl')
  writeStarter(file, root, versionsIn(root)[0] ?? basename(home), 'rabbitmqctl')
  return file
}

async function upAndTogether(nodes, login) {
  const deadline = Date.now() + START
  for (;;) {
    const up = await Promise.all(nodes.map((node) => isUp(node, login, nodes.length)))
    if (up.every(Boolean)) return
    if (Date.now() > deadline) throw new Error(`the broker did not start within ${START / 1_000} s`)
    await sleep(500)
  }
}

/** Whether a node answers over AMQP and HTTP, and sees this many running nodes. It listens for AMQP last. */
async function isUp({ amqp, management }, { username, password }, count) {
  try {
    const socket = connect(amqp, '127.0.0.1')
    await once(socket, 'connect').finally(() => socket.destroy())
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    const response = await fetch(`http://127.0.0.1:${management}/api/nodes`, { headers: { authorization } })
    const nodes = response.ok ? await response.json() : []
    return nodes.filter(({ running }) => running).length >= count
  } catch {
    return false
  }
}
