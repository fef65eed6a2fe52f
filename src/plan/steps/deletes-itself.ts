import type { WinnersOfBoth } from '../../model/policies/winning-policies.ts'
import { Secret } from '../../model/secrets/secret.ts'
import type { Exchange, Kind, ObjectOf, Parameter, Queue } from '../../model/topology.ts'

/** Why an object may delete itself. */
export type SelfDeletion = 'src-delete-after' | 'expires' | 'auto-delete'

/**
 * Why the broker may delete an object by itself; undefined if it never does.
 *
 * @param winners the effective policies of queues. Default: none
 */
export function deletesItself<K extends Kind>(
  kind: K,
  object: ObjectOf[K],
  winners?: WinnersOfBoth,
): SelfDeletion | undefined {
  if (kind === 'parameter') return isOneOffShovel(object as Parameter) ? 'src-delete-after' : undefined
  if (kind === 'exchange') return (object as Exchange).autoDelete ? 'auto-delete' : undefined
  if (kind !== 'queue') return undefined
  if (expires(object as Queue, winners)) return 'expires'
  return (object as Queue).autoDelete ? 'auto-delete' : undefined
}

/** `delete-after` is the former name, which every version still reads (rabbit_shovel_parameters). */
function isOneOffShovel({ component, value }: Parameter): boolean {
  if (component !== 'shovel' || typeof value !== 'object' || value === null) return false
  if (Array.isArray(value) || value instanceof Secret) return false
  const table = value as Readonly<Record<string, unknown>>
  const after = table['src-delete-after'] ?? table['delete-after'] ?? 'never'
  return after !== 'never'
}

function expires(queue: Queue, winners: WinnersOfBoth | undefined): boolean {
  if (queue.type === 'stream') return false
  if (queue.arguments['x-expires'] !== undefined) return true
  const winning = winners === undefined ? [] : [...winners.policies.of(queue), ...winners.operatorPolicies.of(queue)]
  return winning.some(({ policy, certain }) => certain && Object.hasOwn(policy.definition, 'expires'))
}
