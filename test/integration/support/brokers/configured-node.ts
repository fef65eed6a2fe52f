import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { findServer } from '../../../../src/testing/throwaway/node/find-server.ts'
import { freePorts } from '../../../../src/testing/throwaway/node/free-ports.ts'
import { keepNode } from '../../../../src/testing/throwaway/node/keep-node.ts'
import { nodeOrder, type NodeSettings } from '../../../../src/testing/throwaway/node/node-order.ts'
import { waitUntilReady } from '../../../../src/testing/throwaway/wait-until-ready.ts'
import { managementApi } from './management-api.ts'
import type { ManagementApi } from './management-api.ts'
import { QUICK_STATISTICS } from './quick-statistics.ts'

/** A private node whose configuration a test has chosen. */
export interface ConfiguredNode {
  readonly login: { readonly username: string; readonly password: string }
  readonly amqpPort: number
  readonly managementUrl: string
  readonly api: ManagementApi
  readonly version: string
}

interface OwnSettings extends NodeSettings {
  /** Creates the definitions that the node loads when it boots. They have to contain the login. Default: none. */
  readonly definitions?: (login: ConfiguredNode['login']) => Promise<string>
}

/** Starts a node with the given configuration. It ends after the tests of the file. */
export async function configuredNode({ definitions, ...own }: OwnSettings): Promise<ConfiguredNode> {
  const server = await findServer(process.env)
  if (!server) throw new Error('no RabbitMQ server is installed: npm run setup')
  const [amqp = 0, management = 0, distribution = 0, epmd = 0] = await freePorts(4)
  const login = { username: 'warren', password: randomBytes(18).toString('base64url') }
  const folder = join(tmpdir(), `warren-configured-${randomBytes(6).toString('hex')}`)
  const ports = { amqp, management, distribution, epmd }
  const loaded = definitions && { name: 'definitions.json', content: await definitions(login) }
  const configuration = [
    ...(own.configuration ?? []),
    ...(loaded ? [`load_definitions = ${join(folder, loaded.name)}`] : []),
  ]
  const order = nodeOrder(folder, server, ports, login, { advanced: QUICK_STATISTICS, ...own, configuration })
  const kept = keepNode({ ...order, files: [...order.files, ...(loaded ? [loaded] : [])] })
  afterAll(() => kept.remove())
  const managementUrl = `http://127.0.0.1:${management}`
  try {
    const version = await Promise.race([
      waitUntilReady(managementUrl, login, AbortSignal.timeout(180_000)),
      kept.ended.then((reason) => Promise.reject(new Error(`the broker ended with ${reason}`))),
    ])
    return { login, amqpPort: amqp, managementUrl, api: managementApi(managementUrl, login), version }
  } catch (error) {
    throw new Error(`the node did not start: ${(await kept.output()).slice(-3_000)}`, { cause: error })
  }
}
