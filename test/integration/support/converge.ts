import fc from 'fast-check'
import { applyPlan } from '../../../src/apply/apply-plan.ts'
import type { Report } from '../../../src/apply/report.ts'
import { readLive } from '../../../src/broker/live/read-live.ts'
import { scopeOf } from '../../../src/broker/live/read-scope.ts'
import { ManagementClient } from '../../../src/broker/management/client.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { testBroker } from './brokers/broker.ts'

/** Works on the broker of the run with its own client, with the given login or that of the administrator. */
export async function withClient<T>(
  work: (client: ManagementClient) => Promise<T>,
  login?: { readonly username: string; readonly password: string },
): Promise<T> {
  const broker = await testBroker()
  const { username, password } = login ?? broker
  const client = new ManagementClient({ url: broker.managementUrl, user: username, password: new Secret(password) })
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** The plan for a topology against the live broker. */
export async function planLive(client: ManagementClient, desired: Topology): Promise<Plan> {
  const live = await readLive(client, scopeOf(desired))
  return makePlan({ project: 'test', files: { paths: [], count: 0, overlays: [] }, desired, live })
}

/** Plans and applies. */
export async function converge(client: ManagementClient, desired: Topology): Promise<{ plan: Plan; report: Report }> {
  const plan = await planLive(client, desired)
  // A random topology may have a policy that loses dead letters, which blocks its plan.
  fc.pre(!plan.blocks.some(({ reason }) => reason === 'policy-loses'))
  return { plan, report: await applyPlan(client, plan, { parallelism: 16 }) }
}

/** The remaining changes, by address. */
export async function pending(client: ManagementClient, desired: Topology): Promise<string[]> {
  return (await planLive(client, desired)).changes.map(({ action, address }) => `${action} ${address}`)
}
