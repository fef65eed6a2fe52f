import { consumedQueues, coordinationQueues, type Publication, type Subscription } from '../../../../model/routes.ts'
import type { Permission } from '../../../../model/topology.ts'
import { groupByKey } from '../../../../model/values/group-by-key.ts'
import { mayConsume, mayPublish, type Right, type RightsOf } from '../../../routing/rights.ts'
import type { LintedVhost } from '../../lint-context.ts'
import { aboutRoute, type Rule } from '../../rule.ts'

/** A vhost with more combinations of users and routes is skipped, because the comparison would take seconds. */
const MOST_COMPARISONS = 200_000

export const routeWithoutRights: Rule = {
  id: 'route-without-rights',
  group: 'rights',
  severity: 'warning',
  meaning:
    'No user may use a publication or subscription, although the files give users rights in its vhost. To use a subscription, a user must also be able to publish its failed messages.',
  remedy: 'Grant `can` for the route, or widen the expressions of the user whose program uses it.',
  *check({ vhosts, version }) {
    for (const vhost of vhosts) {
      const users = rightsIn(vhost)
      // Each route is compared with each user, until one of them may use it.
      if (users.length * (vhost.publications.length + vhost.subscriptions.length) > MOST_COMPARISONS) continue
      const writers = users.filter(({ permission }) => permission.write !== '')
      for (const publication of vhost.publications) {
        if (writers.length === 0 || writers.some((each) => publish(each, publication, vhost, version) !== 'refused'))
          continue
        yield aboutRoute(
          publication,
          `none of the declared users may publish with publication "${publication.name}"`,
          'write can: { publish: […] } for the user of its program, or ignore the finding where another project declares it',
        )
      }
      const readers = users.filter(({ permission }) => permission.read !== '')
      for (const subscription of vhost.subscriptions) {
        const { name, queue } = subscription
        const needed = [...consumedQueues(subscription), ...coordinationQueues(subscription)]
        const kind = subscription.sharing ? 'super stream' : 'queue'
        const consumers = readers.filter((each) => needed.every((from) => mayConsume(each, from) !== 'refused'))
        if (readers.length > 0 && consumers.length === 0) {
          yield aboutRoute(
            subscription,
            `none of the declared users may consume ${kind} "${queue}" with subscription "${name}"`,
            'write can: { consume: […] } for the user of its program, or ignore the finding where another project declares it',
          )
        }
        // A user without write permission only reads messages.
        const failing = consumers.filter(({ permission }) => permission.write !== '')
        const [missing] = failing.map((each) => missingForFailures(each, subscription))
        if (missing === undefined || failing.some((each) => missingForFailures(each, subscription) === undefined))
          continue
        yield aboutRoute(
          subscription,
          `no user that may consume queue "${queue}" may publish failed messages of subscription "${name}" to ${missing}`,
          'write can: { consume: […] }, which grants that too',
        )
      }
    }
  },
}

interface DeclaredRights extends RightsOf {
  readonly permission: Permission
}

function rightsIn({ name: vhost, whole: { topology } }: LintedVhost): readonly DeclaredRights[] {
  const topics = groupByKey(topology.topicPermissions, ({ user }) => user)
  return topology.permissions
    .filter(({ external }) => external !== true)
    .map((permission) => {
      const { user } = permission
      return { user, vhost, permission, topicPermissions: topics.get(user) ?? [] }
    })
}

function publish(rights: RightsOf, publication: Publication, vhost: LintedVhost, version: string): Right {
  const { exchange: name, routingKey, headers, parameters, delays = [] } = publication
  // The words that a program fills into the key are unknown, so only the right on the exchange is checked.
  const keys = vhost.model.keysOf({ routingKey, headers })
  const rightsOfEach = [name, ...delays.map((each) => each.exchange)].map((each) => {
    const type = parameters.length > 0 ? 'direct' : (vhost.exchanges.get(each)?.type ?? 'direct')
    return mayPublish(rights, { name: each, type }, keys, version)
  })
  return rightsOfEach.includes('refused') ? 'refused' : (rightsOfEach[0] ?? 'refused')
}

/** The first exchange that failed messages go to and that the user may not publish to. */
function missingForFailures(rights: RightsOf, { failure }: Subscription): string | undefined {
  if (failure.kind === 'onFailure') return undefined
  const exchanges = [failure.exchange, ...(failure.last === 'discard' ? [] : [failure.last.exchange])]
  const missing = exchanges.find((name) => mayPublish(rights, { name, type: 'direct' }, [''], '0.0.0') === 'refused')
  if (missing === undefined) return undefined
  return missing === '' ? 'the default exchange (amq.default)' : `exchange "${missing}"`
}
