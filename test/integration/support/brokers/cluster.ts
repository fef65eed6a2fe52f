import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll } from 'vitest'
import { ManagementClient } from '../../../../src/broker/management/client.ts'
import { Amqp } from '../../../../src/broker/amqp/connections/amqp.ts'
import { Secret } from '../../../../src/model/secrets/secret.ts'
import { ROOT } from '../command-line.ts'
import { until } from '../until.ts'
import { waitForUsualStatistics } from './quick-statistics.ts'

interface ClusterNode {
  readonly name: string
  readonly amqp: number
  readonly management: number
}

interface StartedNodes {
  readonly nodes: readonly ClusterNode[]
  readonly login: { readonly username: string; readonly password: string }
  stop(): Promise<void>
  processOf(node: ClusterNode): number
  kill(node: ClusterNode, signal: 'SIGSTOP' | 'SIGCONT'): void
  control(node: ClusterNode, ...args: readonly string[]): Promise<unknown>
}

/** Three nodes that only the tests of a file use. */
export interface Cluster {
  readonly login: { readonly username: string; readonly password: string }
  /** The AMQP URL of a node, by its number, for the vhost `/`. */
  amqpUrl(node: number): string
  /** Talks to the management API of a node. */
  client(node: number): ManagementClient
  /** @param timeout how long the broker may take to answer, in milliseconds */
  amqp(node: number, timeout: number): Amqp
  /** Stops the process of a node while a task runs. Its connections stay open. */
  suspended<T>(node: number, work: () => Promise<T>): Promise<T>
  /** Runs `rabbitmqctl` on a node. */
  control(node: number, ...args: readonly string[]): Promise<unknown>
}

/**
 * Starts the nodes; they end after the tests of the file.
 *
 * @param plugins in addition to the management plugin
 */
export async function startCluster(plugins: readonly string[] = []): Promise<Cluster> {
  // The module of the soak can start nodes of all versions. It has no types.
  const program: string = pathToFileURL(resolve(ROOT, 'scripts/soak/nodes.js')).href
  const { startNodes } = (await import(program)) as {
    startNodes: (count: number, plugins: readonly string[]) => Promise<StartedNodes>
  }
  const started = await startNodes(3, plugins)
  waitForUsualStatistics()
  const { login } = started
  const open: (() => Promise<void>)[] = []
  afterAll(async () => {
    await Promise.all(open.map((close) => close()))
    await started.stop()
  })
  const at = (node: number): ClusterNode => {
    const found = started.nodes[node]
    if (found === undefined) throw new Error(`there is no node ${node}`)
    return found
  }
  return {
    login,
    amqpUrl: (node) => `amqp://${login.username}:${login.password}@127.0.0.1:${at(node).amqp}/%2F`,
    client(node) {
      const url = `http://127.0.0.1:${at(node).management}`
      const client = new ManagementClient({ url, user: login.username, password: new Secret(login.password) })
      open.push(() => client.close())
      return client
    },
    amqp(node, timeout) {
      const password = new Secret(login.password)
      const address = { protocol: 'amqp', hostname: '127.0.0.1', port: at(node).amqp } as const
      const amqp = new Amqp({ ...address, user: login.username, password, timeout })
      open.push(() => amqp.close())
      return amqp
    },
    async suspended(node, work) {
      started.kill(at(node), 'SIGSTOP')
      try {
        // The signal returns before the threads of the process have stopped, and until then the node answers.
        await until(() => isStopped(started.processOf(at(node))), 'all threads of the node to stop')
        return await work()
      } finally {
        started.kill(at(node), 'SIGCONT')
      }
    },
    control: (node, ...args) => started.control(at(node), ...args),
  }
}

/** Whether every thread of a process is stopped, by Linux's table of processes. */
function isStopped(process: number): boolean {
  const folder = `/proc/${process}/task`
  // The state follows the name of the program, which is in parentheses.
  const stateOf = (thread: string) => /\) (\w)/u.exec(readFileSync(`${folder}/${thread}/stat`, 'utf8'))?.[1]
  try {
    return readdirSync(folder).every((thread) => stateOf(thread) === 'T')
  } catch {
    // A thread ended after the folder was listed.
    return false
  }
}
