import { address } from '../../model/address.ts'
import type { Exchange, Parameter, Policy, Queue } from '../../model/topology.ts'
import { type BindingGroups, bindingGroup } from './binding-groups.ts'
import type { PolicyIndex } from '../../model/policies/policy-index.ts'
import type { WriteChange } from '../change.ts'
import { textIn } from '../compare/text-in.ts'

/** A change of a policy or of an operator policy. */
export type PolicyChange = Extract<WriteChange, { kind: 'policy' | 'operator-policy' }>

/**
 * The objects that should exist before a change, although the broker accepts it without them: the destinations of dead
 * letters and unroutable messages, the policies of a new queue (some keys apply only at its creation), and the ends of
 * a shovel.
 */
export function prefersOf(change: WriteChange, groups: BindingGroups, policies: PolicyIndex<PolicyChange>): string[] {
  switch (change.kind) {
    case 'exchange':
      return alternateExchangeOf(change.after)
    case 'queue':
      return [...deadLetterRouteOf(change.after, groups), ...policiesOf(change.after, policies)]
    case 'policy':
    case 'operator-policy':
      return routesOf(change.after, groups)
    case 'parameter':
      return endsOf(change.after)
    case 'vhost':
    case 'user':
    case 'permission':
    case 'topic-permission':
    case 'binding':
    case 'global-parameter':
      return []
  }
}

function alternateExchangeOf({ vhost, arguments: table }: Exchange): string[] {
  return textIn(table, 'alternate-exchange').map((name) => address('exchange', vhost, name))
}

function deadLetterRouteOf({ vhost, arguments: table }: Queue, groups: BindingGroups): string[] {
  return routeTo(vhost, textIn(table, 'x-dead-letter-exchange'), textIn(table, 'x-dead-letter-routing-key'), groups)
}

function policiesOf(queue: Queue, policies: PolicyIndex<PolicyChange>): string[] {
  return policies.matching({ kind: 'queue', ...queue }).map(({ item }) => item.address)
}

function routesOf({ vhost, definition }: Policy, groups: BindingGroups): string[] {
  return [
    ...textIn(definition, 'alternate-exchange').map((name) => address('exchange', vhost, name)),
    ...routeTo(
      vhost,
      textIn(definition, 'dead-letter-exchange'),
      textIn(definition, 'dead-letter-routing-key'),
      groups,
    ),
    ...textIn(definition, 'federation-upstream').map((name) =>
      address('parameter', vhost, 'federation-upstream', name),
    ),
    ...textIn(definition, 'federation-upstream-set').map((name) =>
      address('parameter', vhost, 'federation-upstream-set', name),
    ),
  ]
}

function routeTo(
  vhost: string,
  exchanges: readonly string[],
  keys: readonly string[],
  groups: BindingGroups,
): string[] {
  return exchanges
    .filter((name) => name !== '')
    .flatMap((name) => {
      const exact = keys.map((key) => bindingGroup(vhost, name, key)).find((group) => groups.has(group))
      // If the exchange is not a direct exchange, a binding with another key may also match the dead letter.
      return [address('exchange', vhost, name), exact ?? bindingGroup(vhost, name)]
    })
}

/** A shovel moves messages as soon as it exists, and an upstream set refuses missing upstreams. */
function endsOf({ vhost, component, value }: Parameter): string[] {
  if (component === 'federation-upstream-set' && Array.isArray(value)) {
    return value.flatMap((each) =>
      textIn(each, 'upstream').map((name) => address('parameter', vhost, 'federation-upstream', name)),
    )
  }
  return [
    ...['src-queue', 'dest-queue'].flatMap((key) => textIn(value, key).map((name) => address('queue', vhost, name))),
    ...['src-exchange', 'dest-exchange'].flatMap((key) =>
      textIn(value, key).map((name) => address('exchange', vhost, name)),
    ),
  ]
}
