import type { Binding } from '../../model/topology.ts'
import type { Change } from '../change.ts'

/** The addresses of all bindings of an exchange, and of those with a certain key. */
export type BindingGroups = ReadonlyMap<string, readonly string[]>

/** Groups bindings, so that many queues with the same dead-letter exchange need only one edge each. */
export function bindingGroups(changes: readonly Change[]): BindingGroups {
  const groups = new Map<string, string[]>()
  for (const change of changes) {
    if (change.kind !== 'binding' || change.action === 'delete') continue
    for (const group of groupsOf(change.after)) {
      const members = groups.get(group)
      if (members) members.push(change.address)
      else groups.set(group, [change.address])
    }
  }
  return groups
}

function groupsOf({ vhost, source, routingKey }: Binding): string[] {
  return [bindingGroup(vhost, source), bindingGroup(vhost, source, routingKey)]
}

/** The name of the group of all bindings of an exchange, or of those with a certain key. */
export function bindingGroup(vhost: string, source: string, routingKey?: string): string {
  return JSON.stringify(['bindings', vhost, source, routingKey ?? null])
}
