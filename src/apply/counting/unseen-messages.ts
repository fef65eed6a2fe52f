import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import type { ReceivedPolicy, ReceivedQueueState } from '../../broker/management/answers/received.ts'

/** Policies and operator policies of a vhost. */
export interface Policies {
  readonly policies: readonly ReceivedPolicy[]
  readonly operatorPolicies: readonly ReceivedPolicy[]
}

/** Reads the policies if one applies to any of the queues. RabbitMQ 3.10 lists only the names of policies. */
export async function policiesOf(
  client: ManagementClient,
  vhost: string,
  queues: readonly ReceivedQueueState[],
): Promise<Policies> {
  const has = (kind: 'policy' | 'operator_policy') => queues.some((queue) => Boolean(queue[kind]))
  const [policies, operatorPolicies] = await Promise.all([
    has('policy') ? reads.policies(client, vhost) : [],
    has('operator_policy') ? reads.operatorPolicies(client, vhost) : [],
  ])
  return { policies, operatorPolicies }
}

/**
 * Whether a quorum queue may contain messages that neither a passive declare nor a `basic.get` sees: dead letters
 * that at-least-once dead-lettering cannot deliver, and from 4.3 on messages that wait for a delayed retry.
 */
export function canHoldUnseen(
  { arguments: table, policy, operator_policy: operatorPolicy }: ReceivedQueueState,
  { policies, operatorPolicies }: Policies,
): boolean {
  const definitions = [
    ...policies.filter(({ name }) => name === policy),
    ...operatorPolicies.filter(({ name }) => name === operatorPolicy),
  ].map(({ definition }) => definition)
  const values = (key: string): readonly unknown[] => [
    table[`x-${key}`],
    ...definitions.map((definition) => definition[key]),
  ]
  return (
    values('dead-letter-strategy').includes('at-least-once') ||
    values('delayed-retry-type').some((each) => each !== undefined && each !== 'disabled')
  )
}
