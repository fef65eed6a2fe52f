import type { ManagementClient } from '../management/client.ts'
import { deletes } from '../management/writes.ts'
import type { DeleteChange } from '../plan/plan.ts'

/** What a delete has to know beside the object. */
export interface DeleteContext {
  /** The `properties_key` of a binding, by its address. */
  readonly propertiesKeys: ReadonlyMap<string, readonly string[]>
}

/** Deletes one object. Queues are deleted by `deleteQueues`, after counting. */
export async function deleteObject(
  client: ManagementClient,
  change: DeleteChange,
  { propertiesKeys }: DeleteContext,
): Promise<void> {
  switch (change.kind) {
    case 'vhost':
      return deletes.vhost(client, change.before.name)
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
    case 'exchange':
      // Where nobody else's binding was seen, the broker refuses if one came meanwhile.
      return deletes.exchange(client, change.before.vhost, change.before.name, change.stake?.undeclaredBindings === 0)
    case 'binding':
      // Bindings that differ only in the width of a number read the same and are two (rabbit_mgmt_format).
      for (const key of propertiesKeys.get(change.address) ?? []) await deletes.binding(client, change.before, key)
      return
    case 'queue':
      throw new Error('a queue is deleted only after its messages were counted')
  }
}
