import type { ManagementApi, Path } from '../support/brokers/management-api.ts'

/** A broker on which all objects of an experiment are named after it. */
export interface Ground {
  readonly api: ManagementApi
  /** In which the login has all rights. */
  readonly vhost: string
  /** A user without tags and rights. */
  readonly user: string
}

/** How a row of the page of cascades is tested: what is created, what is deleted, and what may be deleted with it. */
interface Cascade {
  readonly make: (ground: Ground) => Promise<unknown>
  readonly remove: (ground: Ground) => Path
  /** Whether the other object exists. */
  readonly looks: (ground: Ground) => Promise<unknown>
  /** Objects that are deleted neither with the virtual host nor with the user at the end. */
  readonly clean?: (ground: Ground) => Path
}

const ALL = { configure: '.*', write: '.*', read: '.*' }
const TOPIC = { exchange: 'topics', write: 'x', read: 'x' }

function at(path: (ground: Ground) => Path): (ground: Ground) => Promise<unknown> {
  return (ground) => ground.api.get(path(ground))
}

/** An empty list of the API counts as no object. */
function any(path: (ground: Ground) => Path): (ground: Ground) => Promise<unknown> {
  return async (ground) => {
    const list = await ground.api.get<unknown[]>(path(ground))
    return list !== undefined && list.length > 0
  }
}

const exchange =
  (name: string, type = 'topic', properties = {}) =>
  ({ api, vhost }: Ground) =>
    api.put(['exchanges', vhost, name], { type, durable: true, ...properties })
const queue =
  (name: string) =>
  ({ api, vhost }: Ground) =>
    api.put(['queues', vhost, name], { durable: true })
const bind =
  (source: string, kind: 'q' | 'e', destination: string) =>
  ({ api, vhost }: Ground) =>
    api.post(['bindings', vhost, 'e', source, kind, destination], { routing_key: 'k', arguments: {} })
const topicPermission = ({ api, vhost, user }: Ground) => api.put(['topic-permissions', vhost, user], TOPIC)
const permission = ({ api, vhost, user }: Ground) => api.put(['permissions', vhost, user], ALL)

async function inOrder(ground: Ground, ...steps: readonly ((ground: Ground) => Promise<unknown>)[]): Promise<void> {
  for (const step of steps) await step(ground)
}

const autoDelete = exchange('auto', 'direct', { auto_delete: true })
const isAutoThere = at(({ vhost }) => ['exchanges', vhost, 'auto'])
const body = { pattern: '^q$', 'apply-to': 'queues', definition: { 'max-length': 5 } }

/** The experiments, by the first two cells of their row. */
export const CASCADES: Readonly<Record<string, Cascade>> = {
  'a user: its permission in any virtual host': {
    make: permission,
    remove: ({ user }) => ['users', user],
    looks: at(({ vhost, user }) => ['permissions', vhost, user]),
  },
  'a user: its topic permission in any virtual host': {
    make: (ground) => inOrder(ground, permission, exchange('topics'), topicPermission),
    remove: ({ user }) => ['users', user],
    looks: any(({ vhost, user }) => ['topic-permissions', vhost, user]),
  },
  'a user: its limits': {
    make: ({ api, user }) => api.put(['user-limits', user, 'max-connections'], { value: 5 }),
    remove: ({ user }) => ['users', user],
    looks: async ({ api, user }) => {
      // Only those of an existing user are listed.
      await api.put(['users', user], { password_hash: '', tags: '' })
      return any(() => ['user-limits', user])({ api, user } as Ground)
    },
  },
  "a permission: the user's topic permission in the virtual host": {
    make: (ground) => inOrder(ground, permission, exchange('topics'), topicPermission),
    remove: ({ vhost, user }) => ['permissions', vhost, user],
    looks: any(({ vhost, user }) => ['topic-permissions', vhost, user]),
  },
  'an exchange: a binding from it': {
    make: (ground) => inOrder(ground, exchange('e'), queue('q'), bind('e', 'q', 'q')),
    remove: ({ vhost }) => ['exchanges', vhost, 'e'],
    looks: any(({ vhost }) => ['bindings', vhost, 'e', 'e', 'q', 'q']),
  },
  'an exchange: a binding to it': {
    make: (ground) => inOrder(ground, exchange('e'), exchange('f'), bind('e', 'e', 'f')),
    remove: ({ vhost }) => ['exchanges', vhost, 'f'],
    looks: any(({ vhost }) => ['exchanges', vhost, 'e', 'bindings', 'source']),
  },
  'an exchange: a topic permission on it': {
    make: (ground) => inOrder(ground, permission, exchange('topics'), topicPermission),
    remove: ({ vhost }) => ['exchanges', vhost, 'topics'],
    looks: any(({ vhost, user }) => ['topic-permissions', vhost, user]),
  },
  'an exchange: the queue whose dead letters go to it': {
    make: (ground) =>
      inOrder(ground, exchange('dlx'), ({ api, vhost }) =>
        api.put(['queues', vhost, 'q'], { durable: true, arguments: { 'x-dead-letter-exchange': 'dlx' } }),
      ),
    remove: ({ vhost }) => ['exchanges', vhost, 'dlx'],
    looks: at(({ vhost }) => ['queues', vhost, 'q']),
  },
  'a queue: a binding to it': {
    make: (ground) => inOrder(ground, exchange('e'), queue('q'), bind('e', 'q', 'q')),
    remove: ({ vhost }) => ['queues', vhost, 'q'],
    looks: any(({ vhost }) => ['exchanges', vhost, 'e', 'bindings', 'source']),
  },
  'a queue: the auto-delete exchange of its last binding': {
    make: (ground) => inOrder(ground, autoDelete, queue('q'), bind('auto', 'q', 'q')),
    remove: ({ vhost }) => ['queues', vhost, 'q'],
    looks: isAutoThere,
  },
  'a binding: the auto-delete exchange that it was the last of': {
    make: (ground) => inOrder(ground, autoDelete, queue('q'), bind('auto', 'q', 'q')),
    remove: ({ vhost }) => ['bindings', vhost, 'e', 'auto', 'q', 'q', 'k'],
    looks: isAutoThere,
  },
  'an exchange: the auto-delete exchange of its last binding': {
    make: (ground) => inOrder(ground, autoDelete, exchange('e'), bind('auto', 'e', 'e')),
    remove: ({ vhost }) => ['exchanges', vhost, 'e'],
    looks: isAutoThere,
  },
  'a policy: the queue that it holds for': {
    make: (ground) => inOrder(ground, queue('q'), ({ api, vhost }) => api.put(['policies', vhost, 'p'], body)),
    remove: ({ vhost }) => ['policies', vhost, 'p'],
    looks: at(({ vhost }) => ['queues', vhost, 'q']),
  },
  'a virtual host: its exchanges, queues and bindings': {
    make: (ground) => inOrder(ground, exchange('e'), queue('q'), bind('e', 'q', 'q')),
    remove: ({ vhost }) => ['vhosts', vhost],
    looks: inNewVhost(
      ({ vhost }) => ['queues', vhost],
      ({ vhost }) => ['exchanges', vhost, 'e', 'bindings', 'source'],
    ),
  },
  'a virtual host: its permissions and topic permissions': {
    make: (ground) => inOrder(ground, permission, exchange('topics'), topicPermission),
    remove: ({ vhost }) => ['vhosts', vhost],
    looks: inNewVhost(
      ({ user }) => ['users', user, 'permissions'],
      ({ user }) => ['users', user, 'topic-permissions'],
    ),
  },
  'a virtual host: its policies and operator policies': {
    make: async ({ api, vhost }) => {
      await api.put(['policies', vhost, 'p'], body)
      await api.put(['operator-policies', vhost, 'p'], body)
    },
    remove: ({ vhost }) => ['vhosts', vhost],
    looks: inNewVhost(
      ({ vhost }) => ['policies', vhost],
      ({ vhost }) => ['operator-policies', vhost],
    ),
  },
  'a virtual host: its parameters': {
    make: ({ api, vhost }) => upstream(api, vhost),
    remove: ({ vhost }) => ['vhosts', vhost],
    looks: inNewVhost(({ vhost }) => ['parameters', 'federation-upstream', vhost]),
  },
  'a virtual host: its limits': {
    make: ({ api, vhost }) => api.put(['vhost-limits', vhost, 'max-queues'], { value: 5 }),
    remove: ({ vhost }) => ['vhosts', vhost],
    looks: inNewVhost(({ vhost }) => ['vhost-limits', vhost]),
  },
  'a virtual host: the user that has rights in it': {
    make: permission,
    remove: ({ vhost }) => ['vhosts', vhost],
    looks: at(({ user }) => ['users', user]),
  },
  'a virtual host: the global parameter that a program keeps for it': {
    make: ({ api, vhost }) => api.put(['global-parameters', vhost], { value: { vhost } }),
    remove: ({ vhost }) => ['vhosts', vhost],
    looks: at(({ vhost }) => ['global-parameters', vhost]),
    clean: ({ vhost }) => ['global-parameters', vhost],
  },
  'a federation upstream: the upstream set that names it': {
    make: async ({ api, vhost }) => {
      await upstream(api, vhost)
      await api.put(['parameters', 'federation-upstream-set', vhost, 's'], { value: [{ upstream: 'u' }] })
    },
    remove: ({ vhost }) => ['parameters', 'federation-upstream', vhost, 'u'],
    looks: at(({ vhost }) => ['parameters', 'federation-upstream-set', vhost, 's']),
  },
}

function upstream(api: ManagementApi, vhost: string): Promise<void> {
  return api.put(['parameters', 'federation-upstream', vhost, 'u'], { value: { uri: 'amqp://localhost' } })
}

/** The content of a recreated virtual host with the same name, in which nothing may reappear. */
function inNewVhost(...lists: readonly ((ground: Ground) => Path)[]): (ground: Ground) => Promise<unknown> {
  return async (ground) => {
    await ground.api.put(['vhosts', ground.vhost])
    for (const list of lists) if ((await any(list)(ground)) === true) return true
    return false
  }
}
