import { address, addressOf } from '../../model/address.ts'
import { isAtLeast } from '../../model/broker-version.ts'
import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import {
  type Binding,
  type Exchange,
  type Kind,
  KINDS,
  objectsOf,
  type Queue,
  type Topology,
} from '../../model/topology.ts'
import type { Abilities } from '../broker-support/abilities.ts'
import type { PlanContext } from '../plan-context.ts'
import type { AffectedObject } from '../change.ts'
import type { Subject } from './subject.ts'

/**
 * Lists the objects that the broker deletes together with an object and that the plan does not delete itself: all
 * permissions and topic permissions of a user; with Khepri the topic permissions on an exchange; the auto-delete
 * exchanges that lose their last binding; and everything in a virtual host. Bindings and messages are counted
 * separately.
 *
 * @param gone addresses of all objects that the plan deletes
 */
export function cascadesOf(
  context: PlanContext,
  subject: Subject,
  gone: ReadonlySet<string>,
): readonly AffectedObject[] {
  return [...cascadedAddresses(context, subject, gone)]
    .filter((at) => !gone.has(at))
    .toSorted()
    .map((at) => withOwner(context, at))
}

/** An object with the project that owns it. */
export function withOwner(context: PlanContext, at: string): AffectedObject {
  const project = context.foreignOwnerOf(at)
  return { address: at, ...(project !== undefined && { project }), ...(isOwn(context, at) && { own: true }) }
}

/** The objects that this project neither owns nor declares itself. */
export function notOwned(cascades: readonly AffectedObject[]): readonly AffectedObject[] {
  return cascades.filter(({ own }) => own !== true)
}

function isOwn(context: PlanContext, at: string): boolean {
  const declared = context.desiredIndex.find(at)
  return context.stateOf(at) !== undefined || (declared !== undefined && declared.object.external !== true)
}

function cascadedAddresses(
  context: PlanContext,
  { kind, object }: Subject,
  gone: ReadonlySet<string>,
): ReadonlySet<string> {
  const { topology, broker, login } = context.live
  switch (kind) {
    case 'user':
      return rightsOfUser(topology, object.name)
    case 'exchange':
      return new Set([
        ...(deletesTopicPermissions(broker) ? topicPermissionsOn(topology, object) : []),
        ...vanishingWith(context, gone, bindingsTo(context, kind, object)),
      ])
    case 'queue':
      return vanishingWith(context, gone, bindingsTo(context, kind, object))
    case 'binding':
      return vanishingWith(context, gone, [object])
    case 'vhost':
      return contentsOf(topology, object.name, login.user)
    case 'permission':
    case 'topic-permission':
    case 'policy':
    case 'operator-policy':
    case 'parameter':
    case 'global-parameter':
      return new Set()
  }
}

/**
 * Whether a broker deletes the topic permissions on an exchange together with the exchange. If a broker does not
 * report this, it does so from 4.3 on.
 */
function deletesTopicPermissions({ version, deletesTopicPermissions: takes }: Abilities): boolean {
  return takes ?? isAtLeast(version, '4.3.0')
}

/** The addresses of a user's permissions and topic permissions. */
export function rightsOfUser(
  { permissions, topicPermissions }: Pick<Topology, 'permissions' | 'topicPermissions'>,
  user: string,
): ReadonlySet<string> {
  return new Set([
    ...permissions.filter((each) => each.user === user).map((each) => addressOf('permission', each)),
    ...topicPermissions.filter((each) => each.user === user).map((each) => addressOf('topic-permission', each)),
  ])
}

/** The addresses of the topic permissions on an exchange. */
export function topicPermissionsOn(
  { topicPermissions }: Pick<Topology, 'topicPermissions'>,
  { vhost, name }: Pick<Exchange, 'vhost' | 'name'>,
): readonly string[] {
  return topicPermissions
    .filter((each) => each.vhost === vhost && each.exchange === name)
    .map((each) => addressOf('topic-permission', each))
}

/** The addresses of all objects in a virtual host, except the broker's own exchanges and the permissions of warren's login. */
export function contentsOf(topology: Topology, vhost: string, login: string): ReadonlySet<string> {
  const within = <K extends Kind>(kind: K) =>
    objectsOf(kind, topology)
      .filter((each) => isWithin(each, vhost) && !(kind === 'permission' && 'user' in each && each.user === login))
      .filter((each) => !(kind === 'exchange' && 'name' in each && isBuiltInExchange(each.name)))
      .map((each) => addressOf(kind, each))
  return new Set(KINDS.flatMap((kind) => (kind === 'vhost' ? [] : within(kind))))
}

function isWithin(object: object, vhost: string): boolean {
  return 'vhost' in object && object.vhost === vhost
}

/**
 * The auto-delete exchanges that lose their last binding because of the deleted bindings, and those that are bound
 * only to such exchanges.
 */
function vanishingWith(
  context: PlanContext,
  gone: ReadonlySet<string>,
  bindings: readonly Binding[],
): ReadonlySet<string> {
  const vanishing = context.vanishing(gone)
  const reached = new Set<string>()
  const reach = (led: readonly Binding[]): void => {
    for (const { vhost, source } of led) {
      const at = address('exchange', vhost, source)
      if (!vanishing.has(at) || reached.has(at)) continue
      reached.add(at)
      reach(bindingsTo(context, 'exchange', { vhost, name: source }))
    }
  }
  if (vanishing.size > 0) reach(bindings)
  return reached
}

function bindingsTo(
  context: PlanContext,
  kind: 'queue' | 'exchange',
  object: Pick<Queue | Exchange, 'vhost' | 'name'>,
): readonly Binding[] {
  return context
    .bindingsOf(address(kind, object.vhost, object.name))
    .filter((each) => each.destinationType === kind && each.destination === object.name)
}
