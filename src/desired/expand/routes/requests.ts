import type { RequestSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Publication, ReplyRule, Request, Subscription } from '../../../model/routes.ts'
import { argumentTable } from '../objects/argument-table.ts'
import type { Destinations } from '../objects/bindings.ts'
import { readDuration } from '../values/quantity.ts'
import { placeOf, type ExpandContext } from '../expand-context.ts'
import { expandPublished, withVersion } from './message-rule.ts'
import { priorityOf, routeOf } from './publications.ts'

/** How long a program waits for a reply, in milliseconds, if the request declares no timeout. */
const DEFAULT_TIMEOUT = 30_000
/** The longest time that Node.js timers support. */
const TIMEOUT = { minimum: 1, maximum: 2_147_483_647 }

/** The other routes of the vhost. */
interface OtherRoutes {
  readonly publications: ReadonlyMap<string, Publication>
  readonly subscriptions: ReadonlyMap<string, Subscription>
}

/**
 * Makes the requests of a vhost by name. A request is not persistent, because its reply is lost with the connection of
 * its sender anyway, and it expires when the sender no longer waits.
 */
export function expandRequests(
  scope: ExpandContext,
  destinations: Destinations,
  others: OtherRoutes,
): ReadonlyMap<string, Request> {
  return new Map(
    Object.entries(scope.vhost.requests).map(([name, section]) => {
      const origin = scope.locate(scope.vhost.requests, name)
      const published = others.publications.get(name)?.origin
      if (published) {
        scope.report(
          finding('request-named-twice', { name }, origin, [{ label: 'the publication', location: published }]),
        )
      }
      const message = expandPublished(scope, section.message)
      const reply = replyOf(scope, section, others)
      const request = {
        name,
        vhost: scope.vhost.name,
        ...routeOf(scope, destinations, section, origin),
        headers: argumentTable(withVersion(scope, section.headers, message?.version)),
        persistent: false,
        mandatory: true,
        confirm: true,
        expiration: reply.timeout,
        ...priorityOf(scope, section),
        ...(message && { message }),
        reply,
        origin,
      }
      return [name, request]
    }),
  )
}

function replyOf(scope: ExpandContext, section: RequestSection, { subscriptions }: OtherRoutes): ReplyRule {
  const { timeout, subscription: name } = section
  const milliseconds =
    timeout === undefined ? undefined : readDuration(timeout, placeOf(scope, section, 'timeout'), TIMEOUT)
  const message = expandPublished(scope, section.reply)
  if (name !== undefined && !subscriptions.has(name)) {
    const kind = 'subscription'
    const args = { kind, name, vhost: scope.vhost.name, ...scope.suggest(kind, name, subscriptions.keys()) } as const
    scope.report(finding('unknown-route', args, scope.locate(section, 'subscription', 'value')))
  }
  return {
    timeout: milliseconds ?? DEFAULT_TIMEOUT,
    ...(message && { message }),
    ...(name !== undefined && { subscription: name }),
  }
}
