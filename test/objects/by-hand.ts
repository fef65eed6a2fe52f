import { revealCredentials } from '../../src/model/secrets/mask-credentials.ts'
import type { Kind, ObjectOf } from '../../src/model/topology.ts'
import type { ManagementApi, Path } from '../integration/support/brokers/management-api.ts'

type ByHand<K extends Kind> = {
  readonly write: (api: ManagementApi, object: ObjectOf[K]) => Promise<void>
  readonly remove: (api: ManagementApi, object: ObjectOf[K]) => Promise<void>
}

const policies = (kind: 'policies' | 'operator-policies'): ByHand<'policy' | 'operator-policy'> => ({
  write: (api, { vhost, name, pattern, applyTo, priority, definition }) =>
    api.put([kind, vhost, name], { pattern, 'apply-to': applyTo, priority, definition }),
  remove: (api, { vhost, name }) => api.delete([kind, vhost, name]),
})

async function putLimits(api: ManagementApi, path: Path, limits: object | undefined): Promise<void> {
  for (const [property, value] of Object.entries(limits ?? {})) {
    await api.put([...path, property.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)], { value })
  }
}

/** Only if the vhost exists and the broker supports the protection. */
async function putProtection(api: ManagementApi, name: string, protect: boolean): Promise<void> {
  const vhost = await api.get<{ protected_from_deletion?: boolean }>(['vhosts', name])
  if (vhost?.protected_from_deletion === undefined) return
  const path = ['vhosts', name, 'deletion', 'protection']
  await (protect ? api.post(path) : api.delete(path))
}

/** Changes to a broker without warren. */
export const BY_HAND: { readonly [K in Kind]: ByHand<K> } = {
  vhost: {
    async write(api, { name, description, tags, defaultQueueType, limits, protect }) {
      await api.put(['vhosts', name], {
        description,
        tags: tags?.join(','),
        ...(defaultQueueType !== undefined && { default_queue_type: defaultQueueType }),
      })
      await putLimits(api, ['vhost-limits', name], limits)
      if (protect !== undefined) await putProtection(api, name, protect)
    },
    async remove(api, { name }) {
      await putProtection(api, name, false)
      await api.delete(['vhosts', name])
    },
  },
  user: {
    async write(api, { name, tags, credential, limits }) {
      const secret =
        credential?.kind === 'password'
          ? { password: credential.secret?.reveal() }
          : { password_hash: credential?.hash?.reveal() ?? '' }
      await api.put(['users', name], { tags: tags?.join(','), ...secret })
      await putLimits(api, ['user-limits', name], limits)
    },
    remove: (api, { name }) => api.delete(['users', name]),
  },
  permission: {
    write: (api, { vhost, user, ...rights }) => api.put(['permissions', vhost, user], rights),
    remove: (api, { vhost, user }) => api.delete(['permissions', vhost, user]),
  },
  'topic-permission': {
    write: (api, { vhost, user, ...rights }) => api.put(['topic-permissions', vhost, user], rights),
    remove: (api, { vhost, user }) => api.delete(['topic-permissions', vhost, user]),
  },
  exchange: {
    async write(api, { vhost, name, type, durable, autoDelete, internal, arguments: table }) {
      await api.delete(['exchanges', vhost, name])
      await api.put(['exchanges', vhost, name], { type, durable, auto_delete: autoDelete, internal, arguments: table })
    },
    remove: (api, { vhost, name }) => api.delete(['exchanges', vhost, name]),
  },
  policy: policies('policies'),
  'operator-policy': policies('operator-policies'),
  queue: {
    async write(api, { vhost, name, type, durable, autoDelete, arguments: table }) {
      await api.delete(['queues', vhost, name])
      const typed = { ...table, 'x-queue-type': type }
      await api.put(['queues', vhost, name], { durable, auto_delete: autoDelete, arguments: typed })
    },
    remove: (api, { vhost, name }) => api.delete(['queues', vhost, name]),
  },
  binding: {
    async write(api, binding) {
      const { routingKey: routing_key, arguments: table } = binding
      await removeBindings(api, binding)
      await api.post(bindingsPath(binding), { routing_key, arguments: table })
    },
    remove: removeBindings,
  },
  parameter: {
    write: (api, { vhost, component, name, value }) =>
      api.put(['parameters', component, vhost, name], { value: revealCredentials(value) }),
    remove: (api, { vhost, component, name }) => api.delete(['parameters', component, vhost, name]),
  },
  'global-parameter': {
    write: (api, { name, value }) => api.put(['global-parameters', name], { value: revealCredentials(value) }),
    remove: (api, { name }) => api.delete(['global-parameters', name]),
  },
}

function bindingsPath({ vhost, source, destinationType, destination }: ObjectOf['binding']): Path {
  return ['bindings', vhost, 'e', source, destinationType === 'queue' ? 'q' : 'e', destination]
}

async function removeBindings(api: ManagementApi, binding: ObjectOf['binding']): Promise<void> {
  const path = bindingsPath(binding)
  for (const each of (await api.get<{ properties_key: string }[]>(path)) ?? []) {
    await api.delete([...path, each.properties_key])
  }
}
