import { afterAll } from 'vitest'
import { findServer } from '../../src/broker/find-server.ts'
import type { NodeSettings } from '../../src/broker/node-order.ts'
import { startNode } from '../../src/broker/start-node.ts'
import { readLive } from '../../src/live/read-live.ts'
import { ManagementClient } from '../../src/management/client.ts'
import { Secret } from '../../src/model/secret.ts'
import type { Topology } from '../../src/model/topology.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { scopeOf } from '../../src/live/scope-of.ts'
import { type ManagementApi, managementApi } from './management-api.ts'

/** A node that only the tests of a file use, with settings of its own, where the broker of the run may have others. */
export interface OwnNode {
  readonly version: string
  readonly api: ManagementApi
  /** Plans on the node, with its administrator or with the login that is given. */
  plan(desired: Topology, login?: { readonly username: string; readonly password: string }): Promise<Plan>
}

const TIMEOUT = 240_000

/** Starts a node of the server that the broker of the run is one of, which ends with the tests of the file. */
export async function ownNode(settings: NodeSettings): Promise<OwnNode> {
  const server = await findServer(process.env)
  if (server === undefined) throw new Error('there is no server')
  const node = await startNode({ server, timeout: TIMEOUT, ...settings })
  afterAll(() => node.stop())
  return {
    version: node.version,
    api: managementApi(node.managementUrl, node),
    async plan(desired, { username, password } = node) {
      const client = new ManagementClient({ url: node.managementUrl, user: username, password: new Secret(password) })
      try {
        const live = await readLive(client, scopeOf(desired))
        return makePlan({ project: 'test', files: { paths: [], count: 0, overlays: [] }, desired, live })
      } finally {
        await client.close()
      }
    },
  }
}
