import type { UserSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import { isRequest, type Request, type Subscription } from '../../../model/routes.ts'
import type { Permission, TopicPermission } from '../../../model/topology.ts'
import { checkExpression } from '../checks/expressions.ts'
import { rightsFor, type UserRoutes, type VhostObjects } from './can.ts'
import { otherKeys } from '../other-keys.ts'
import { referToExchange } from '../checks/known-exchanges.ts'
import { LONGEST_PATTERN, patternOf } from '../../../model/values/name-pattern.ts'
import { namesPattern, writesEverywhere } from './rights.ts'
import type { ExpandContext } from '../expand-context.ts'

const RIGHTS = ['configure', 'write', 'read'] as const

/** The rights of a vhost's users. */
export interface Permissions {
  readonly permissions: readonly Permission[]
  readonly topicPermissions: readonly TopicPermission[]
}

/** Derives the permissions of a vhost's users: declared ones, and those that `can` needs. */
export function expandPermissions(scope: ExpandContext, objects: VhostObjects): Permissions {
  const users = Object.entries(scope.vhost.users).map(([user, section]) => {
    const written = writtenRights(scope, objects, user, section)
    const derived = derivedRights(scope, objects, user, section)
    reportBoth(scope, user, section, written, derived)
    return [written, derived]
  })
  return {
    permissions: users.flat().flatMap(({ permissions }) => permissions),
    topicPermissions: users.flat().flatMap(({ topicPermissions }) => topicPermissions),
  }
}

function writtenRights(scope: ExpandContext, objects: VhostObjects, user: string, section: UserSection): Permissions {
  const { permissions, topicPermissions = {} } = section
  if (permissions) for (const right of RIGHTS) checkExpression(scope, permissions, right)
  for (const rights of Object.values(topicPermissions)) {
    checkExpression(scope, rights, 'write')
    checkExpression(scope, rights, 'read')
  }
  const vhost = scope.vhost.name
  return {
    permissions: permissions
      ? [
          {
            vhost,
            user,
            configure: permissions.configure ?? '',
            write: permissions.write ?? '',
            read: permissions.read ?? '',
            origin: scope.locate(section, 'permissions'),
          },
        ]
      : [],
    topicPermissions: Object.entries(topicPermissions).map(([exchange, { write = '', read = '' }]) => {
      const origin = scope.locate(topicPermissions, exchange)
      referToExchange(scope, objects.knownExchanges, exchange, () => origin)
      return { vhost, user, exchange, write, read, origin }
    }),
  }
}

function derivedRights(scope: ExpandContext, objects: VhostObjects, user: string, section: UserSection): Permissions {
  if (!section.can) return { permissions: [], topicPermissions: [] }
  const vhost = scope.vhost.name
  const origin = scope.locate(section, 'can')
  const routes = routesOf(scope, objects, section.can)
  const rights = rightsFor(routes, objects)
  if (writesEverywhere(rights)) {
    const publications = routes.publications.filter(({ exchange }) => exchange === '').map(({ name }) => name)
    const requests = routes.answered.map(({ name }) => name)
    if (requests.length > 0) scope.report(finding('replies-to-every-queue', { user, requests }, origin))
    else scope.report(finding('writes-to-every-queue', { user, publications }, origin))
  }
  for (const other of otherKeys(routes.publications, objects)) {
    scope.report(finding('publishes-with-any-key', { user, ...other }, origin))
  }
  warnOfOtherQueues(scope, objects, user, section, routes)
  const checked = (right: string, pattern: string) => {
    const bytes = Buffer.byteLength(pattern)
    const names = [...routes.publications, ...routes.subscriptions].map(({ name }) => name)
    if (bytes > LONGEST_PATTERN)
      scope.report(finding('pattern-too-long', { user, right, bytes, routes: names }, origin))
    return pattern
  }
  return {
    permissions: [
      {
        vhost,
        user,
        configure: checked('configure', namesPattern(rights.configure)),
        write: checked('write', namesPattern(rights.write)),
        read: checked('read', namesPattern(rights.read)),
        origin,
      },
    ],
    topicPermissions: [...rights.topics].map(([exchange, { write, read }]) => ({
      vhost,
      user,
      exchange,
      write: checked(`topic write on ${exchange}`, patternOf(write)),
      read: checked(`topic read on ${exchange}`, patternOf(read)),
      origin,
    })),
  }
}

function routesOf(scope: ExpandContext, objects: VhostObjects, can: NonNullable<UserSection['can']>): UserRoutes {
  const all = [...objects.publications.values()]
  const requests = byName(all.filter(isRequest))
  const publications = byName(all.filter((each) => !isRequest(each)))
  const answered = named(scope, 'request', can.respond ?? [], requests)
  return {
    publications: [
      ...named(scope, 'publication', can.publish ?? [], publications),
      ...named(scope, 'request', can.request ?? [], requests),
    ],
    subscriptions: [
      ...named(scope, 'subscription', can.consume ?? [], objects.subscriptions),
      ...subscriptionsOf(scope, objects, can.respond ?? [], answered),
    ],
    answered,
    declare: can.declare ?? false,
  }
}

/** The subscriptions by which a responder consumes requests. */
function subscriptionsOf(
  scope: ExpandContext,
  { subscriptions }: VhostObjects,
  names: readonly string[],
  requests: readonly Request[],
): Subscription[] {
  return requests.flatMap(({ name, reply }) => {
    if (reply.subscription === undefined) {
      const at = scope.locate(names, names.indexOf(name), 'value')
      scope.report(finding('request-without-subscription', { name }, at))
    }
    // An unknown one is reported at the request.
    return subscriptions.get(reply.subscription ?? '') ?? []
  })
}

function byName<T extends { readonly name: string }>(routes: readonly T[]): ReadonlyMap<string, T> {
  return new Map(routes.map((each) => [each.name, each]))
}

function named<T>(
  scope: ExpandContext,
  kind: 'publication' | 'subscription' | 'request',
  names: readonly string[],
  declared: ReadonlyMap<string, T>,
): T[] {
  return names.flatMap((name, index) => {
    const route = declared.get(name)
    if (route) return [route]
    const args = { kind, name, vhost: scope.vhost.name, ...scope.suggest(kind, name, declared.keys()) }
    scope.report(finding('unknown-route', args, scope.locate(names, index, 'value')))
    return []
  })
}

/** A consumer may publish to the exchange for its failed messages, and so to all queues that are bound to it. */
function warnOfOtherQueues(
  scope: ExpandContext,
  objects: VhostObjects,
  user: string,
  section: UserSection,
  { subscriptions }: UserRoutes,
): void {
  const paths = subscriptions.flatMap(({ queue }) => objects.failurePaths.get(queue) ?? [])
  const own = new Set(paths.flatMap(({ bindings }) => bindings.map(({ destination }) => destination)))
  for (const { rule } of paths) {
    if (rule.last === 'discard' || rule.last.exchange === rule.exchange) continue
    const { exchange } = rule.last
    const others = objects
      .bindingsFrom(exchange)
      .filter(({ destination }) => !own.has(destination))
      .map(({ destination }) => destination)
    if (others.length === 0) continue
    const args = { user, exchange, destinations: [...new Set(others)].toSorted() }
    scope.report(finding('dead-letters-beside-others', args, scope.locate(section, 'can')))
  }
}

function reportBoth(
  scope: ExpandContext,
  user: string,
  section: UserSection,
  written: Permissions,
  derived: Permissions,
): void {
  if (section.permissions && section.can) {
    scope.report(
      finding('permissions-and-can', { user, vhost: scope.vhost.name }, scope.locate(section, 'permissions'), [
        { label: 'can', location: scope.locate(section, 'can') },
      ]),
    )
  }
  for (const { exchange, origin } of written.topicPermissions) {
    if (!derived.topicPermissions.some((each) => each.exchange === exchange)) continue
    scope.report(
      finding('topic-permission-and-can', { user, exchange }, origin, [
        { label: 'can', location: scope.locate(section, 'can') },
      ]),
    )
  }
}
