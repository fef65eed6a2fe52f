import type { ManagementClient } from '../../broker/management/client.ts'
import { deletes } from '../../broker/management/writes.ts'
import type { DeleteChange } from '../../plan/change.ts'
import { type LiveBinding, unbind } from '../bindings.ts'
import { afterFirstWrite } from '../partial-change-error.ts'
import { rebindRest } from '../replace/rebind.ts'

/** What is deleted without another look. The others are compared with what the plan named first. */
export type PlainDelete = Exclude<DeleteChange, { kind: 'queue' | 'exchange' | 'vhost' }>

/**
 * Deletes one object.
 *
 * @param bindings those of the address, where it is a binding
 */
export async function deleteObject(
  client: ManagementClient,
  change: PlainDelete,
  bindings: readonly LiveBinding[],
): Promise<void> {
  switch (change.kind) {
    case 'user':
      return deletes.user(client, change.before.name)
    case 'permission':
      return deletes.permission(client, change.before.vhost, change.before.user)
    case 'topic-permission':
      return deletes.topicPermission(client, change.before.vhost, change.before.user, change.before.exchange)
    case 'policy':
      return deletes.policy(client, 'policies', change.before.vhost, change.before.name)
    case 'operator-policy':
      return deletes.policy(client, 'operator-policies', change.before.vhost, change.before.name)
    case 'parameter':
      return deletes.parameter(client, change.before.component, change.before.vhost, change.before.name)
    case 'global-parameter':
      return deletes.globalParameter(client, change.before.name)
    case 'binding':
      for (const each of bindings) await unbind(client, each)
      if (change.rebinds) await afterFirstWrite(() => rebindRest(client, change.rebinds ?? []))
      return
  }
}
