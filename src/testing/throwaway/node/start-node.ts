import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WarrenError } from '../../../diagnostics/warren-error.ts'
import type { Broker, Login } from '../broker.ts'
import type { InstalledServer } from './find-server.ts'
import { freePorts } from './free-ports.ts'
import { keepNode, type KeptNode } from './keep-node.ts'
import { nodeOrder, type NodeSettings } from './node-order.ts'
import { waitUntilReady } from '../wait-until-ready.ts'

/** A private node of an installed server. */
export interface PrivateNode extends Broker {
  readonly origin: 'node'
  /** The folder of all the node's files. */
  readonly folder: string
  /** Lets the node outlive this process, until `stopStayingNode`. */
  stay(): Promise<void>
}

/** Another process may take a port between the check and its use. */
const ATTEMPTS = 5
const PORT_TAKEN = /eaddrinuse|address already in use|port_conflict|failed_to_start_child,\s*\{listener|Address in use/i
/** How much of the server's output goes into an error. */
const LAST_LINES = 15

export interface NodeOptions extends NodeSettings {
  readonly server: InstalledServer
  /** How long the start may take, in milliseconds. */
  readonly timeout: number
  readonly signal?: AbortSignal
  /** Finds the ports of the node. Default: random free ports. */
  readonly findPorts?: (count: number) => Promise<number[]>
}

/**
 * Starts a private RabbitMQ node on free ports, in a temporary folder, with its own port mapper. `stop` ends it and
 * removes its folder; otherwise that happens when this process ends for any reason.
 *
 * @throws {WarrenError} `BROKER_NOT_STARTED` when it does not start; nothing remains then
 */
export async function startNode({
  server,
  timeout,
  signal,
  findPorts = freePorts,
  ...settings
}: NodeOptions): Promise<PrivateNode> {
  for (let attempt = 1; ; attempt += 1) {
    const [amqp = 0, management = 0, distribution = 0, epmd = 0] = await findPorts(4)
    const folder = join(tmpdir(), `warren-broker-${randomBytes(6).toString('hex')}`)
    const login: Login = { username: 'warren', password: randomBytes(18).toString('base64url') }
    const order = nodeOrder(folder, server, { amqp, management, distribution, epmd }, login, settings)
    const address = { managementUrl: `http://127.0.0.1:${management}`, amqpUrl: `amqp://127.0.0.1:${amqp}` }
    const node = keepNode(order)
    try {
      const version = await waitForStart(
        node,
        (over) => waitUntilReady(address.managementUrl, login, over),
        timeout,
        signal,
      )
      node.unref()
      const stop = stopOnce(node)
      return {
        ...address,
        ...login,
        version,
        origin: 'node',
        folder,
        stay: () => node.stay(),
        stop,
        [Symbol.asyncDispose]: stop,
      }
    } catch (error) {
      const output = await node.output()
      await node.remove()
      signal?.throwIfAborted()
      if (attempt < ATTEMPTS && PORT_TAKEN.test(output)) continue
      throw new WarrenError(
        `RabbitMQ did not start (${server.script}): ${(error as Error).message}${lastLines(output)}`,
        {
          code: 'BROKER_NOT_STARTED',
          hint: 'give it more memory or disk space if it lacks these, or name a running broker in WARREN_URL',
          cause: error,
        },
      )
    }
  }
}

async function waitForStart(
  node: KeptNode,
  waitUntil: (signal: AbortSignal) => Promise<string>,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const ended = new AbortController()
  void node.ended.then((reason) => ended.abort(new Error(`it ended with ${reason}`)))
  const late = AbortSignal.timeout(timeout)
  try {
    return await waitUntil(AbortSignal.any([ended.signal, late, ...(signal ? [signal] : [])]))
  } catch (error) {
    throw late.aborted ? new Error(`it did not answer within ${timeout / 1000} s`) : error
  }
}

function stopOnce(node: KeptNode): () => Promise<void> {
  let stopped: Promise<void> | undefined
  return () => (stopped ??= node.remove())
}

function lastLines(output: string): string {
  const lines = output.trimEnd().split('\n').slice(-LAST_LINES).join('\n')
  return lines === '' ? '' : `\n${lines}`
}
