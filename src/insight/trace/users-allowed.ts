import type { Message } from '../routing/vhost-model.ts'
import { mayConsume, mayPublish, type Right, type RightsOf } from '../routing/rights.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'

/** The users who may do something. */
export interface UsersAllowed {
  /** False if the rights of users could not be read. */
  readonly known: boolean
  /** Sorted. */
  readonly allowed: readonly string[]
  /** Users whose regular expressions cannot be evaluated here. */
  readonly unknown: readonly string[]
  /** The number of users that have a permission in the virtual host or are declared without one. */
  readonly users: number
}

/** The rights of a user in a virtual host. */
export function rightsOf({ name, topology }: Pick<RoutedVhost, 'name' | 'topology'>, user: string): RightsOf {
  const permission = topology.permissions.find((each) => each.user === user && each.vhost === name)
  return {
    user,
    vhost: name,
    ...(permission && { permission }),
    topicPermissions: topology.topicPermissions.filter((each) => each.user === user && each.vhost === name),
  }
}

/** The object that a user wants to use. */
type Use =
  | { readonly exchange: { readonly name: string; readonly type: string }; readonly message: Message }
  | { readonly queue: string }

/** Finds the users who may publish a message to an exchange, or consume from a queue. */
export function usersWhoMay(vhost: RoutedVhost, use: Use): UsersAllowed {
  const { topology, model } = vhost
  const names = [
    ...new Set(
      [...topology.users, ...topology.permissions.map(({ user: name }) => ({ name }))].map((each) => each.name),
    ),
  ]
  const rights = names.map((name): readonly [string, Right] => {
    const own = rightsOf(vhost, name)
    if ('queue' in use) return [name, mayConsume(own, use.queue)]
    return [name, mayPublish(own, use.exchange, model.keysOf(use.message), model.version)]
  })
  const withRight = (right: Right) =>
    rights
      .filter(([, each]) => each === right)
      .map(([name]) => name)
      .toSorted()
  return {
    known: vhost.usersKnown,
    allowed: withRight('allowed'),
    unknown: withRight('unknown'),
    users: names.length,
  }
}
