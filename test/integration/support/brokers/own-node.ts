import type { NodeSettings } from '../../../../src/testing/throwaway/node/node-order.ts'
import { readLive } from '../../../../src/broker/live/read-live.ts'
import { scopeOf } from '../../../../src/broker/live/read-scope.ts'
import { ManagementClient } from '../../../../src/broker/management/client.ts'
import { Secret } from '../../../../src/model/secrets/secret.ts'
import type { Topology } from '../../../../src/model/topology.ts'
import { makePlan } from '../../../../src/plan/make-plan.ts'
import type { Plan } from '../../../../src/plan/plan.ts'
import { configuredNode } from './configured-node.ts'
import type { ManagementApi } from './management-api.ts'

/** A node for the tests of one file, with its own settings. */
export interface OwnNode {
  readonly api: ManagementApi
  /** Plans on the node, with the given login or that of its administrator. */
  plan(desired: Topology, login?: { readonly username: string; readonly password: string }): Promise<Plan>
}

/** Starts a node to plan on; it ends after the tests of the file. */
export async function ownNode(settings: NodeSettings): Promise<OwnNode> {
  const { managementUrl: url, login, api } = await configuredNode(settings)
  return {
    api,
    async plan(desired, { username, password } = login) {
      const client = new ManagementClient({ url, user: username, password: new Secret(password) })
      try {
        const live = await readLive(client, scopeOf(desired))
        return makePlan({ project: 'test', files: { paths: [], count: 0, overlays: [] }, desired, live })
      } finally {
        await client.close()
      }
    },
  }
}
