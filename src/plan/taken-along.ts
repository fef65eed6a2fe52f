import { addressOf } from '../model/address.ts'
import { isAtLeast } from '../model/broker-version.ts'
import type { PlanContext } from './plan-context.ts'
import type { TakenAlong } from './plan.ts'
import type { Subject } from './subject.ts'

/**
 * What the broker deletes with an object, bindings apart, and this project does not own: a user's permissions and topic
 * permissions in all virtual hosts, and from 4.3 the topic permissions on an exchange, without which nothing is restricted.
 */
export function takenAlong(context: PlanContext, { kind, object }: Subject): readonly TakenAlong[] {
  const { topology, broker } = context.live
  const ofUser = kind === 'user' ? topology.permissions.filter(({ user }) => user === object.name) : []
  const topics = topology.topicPermissions.filter((each) =>
    kind === 'user'
      ? each.user === object.name
      : kind === 'exchange' &&
        isAtLeast(broker.version, '4.3.0') &&
        each.vhost === object.vhost &&
        each.exchange === object.name,
  )
  return [
    ...ofUser.map((each) => addressOf('permission', each)),
    ...topics.map((each) => addressOf('topic-permission', each)),
  ]
    .filter(
      (at) =>
        context.stateOf(at) === undefined &&
        !context.desired.has(at.startsWith('permission:') ? 'permission' : 'topic-permission', at),
    )
    .toSorted()
    .map((address) => {
      const project = context.foreignOwnerOf(address)
      return { address, ...(project !== undefined && { project }) }
    })
}
