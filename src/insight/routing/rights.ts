import { isAtLeast } from '../../model/broker-version.ts'
import type { Permission, TopicPermission } from '../../model/topology.ts'
import { literally } from '../../model/values/name-pattern.ts'
import { BrokerPattern } from '../../model/values/broker-pattern.ts'

/** Whether a user may do something: unknown where JavaScript cannot evaluate a regular expression of the broker. */
export type Right = 'allowed' | 'refused' | 'unknown'

/** What a user may do in one virtual host. */
export interface RightsOf {
  readonly user: string
  readonly vhost: string
  /** Absent where the user may not open the virtual host. */
  readonly permission?: Permission
  readonly topicPermissions: readonly TopicPermission[]
}

/**
 * Whether a user may publish to an exchange (rabbit_channel: `check_write_permitted`). On a topic exchange a topic
 * permission is checked too, where the user has one for it: on 3.10 with the routing key alone, on later versions
 * with CC and BCC as well. Rights are checked at this exchange only, not where messages go from there.
 *
 * @param keys the routing key, then those of CC and BCC
 * @param version of the broker, such as `4.3.6`
 */
export function mayPublish(
  rights: RightsOf,
  exchange: { readonly name: string; readonly type: string },
  keys: readonly [string, ...string[]],
  version: string,
): Right {
  if (rights.permission === undefined) return 'refused'
  const general = matches(rights.permission.write, exchange.name === '' ? 'amq.default' : exchange.name)
  if (general !== 'allowed' || exchange.type !== 'topic') return general
  const rule = rights.topicPermissions.find((each) => each.exchange === exchange.name)
  if (rule === undefined) return 'allowed'
  const pattern = withVariables(rule.write, rights, version)
  const checked = isAtLeast(version, '3.13.0') ? keys : [keys[0]]
  const answers = checked.map((key) => matches(pattern, key))
  return answers.find((answer) => answer !== 'allowed') ?? 'allowed'
}

/** Whether a user may consume a queue. */
export function mayConsume(rights: RightsOf, queue: string): Right {
  return rights.permission === undefined ? 'refused' : matches(rights.permission.read, queue)
}

/** A permission is not anchored, and the empty one matches nothing, as the broker reads it (`^$`). */
function matches(pattern: string, name: string): Right {
  if (pattern === '') return name === '' ? 'allowed' : 'refused'
  const answer = new BrokerPattern(pattern).matches(name)
  if (answer === undefined) return 'unknown'
  return answer ? 'allowed' : 'refused'
}

/** The variables of topic permissions; their values are taken literally from 4.2.4 on. */
function withVariables(pattern: string, { user, vhost }: RightsOf, version: string): string {
  const literal = (text: string) => (isAtLeast(version, '4.2.4') ? literally(text).join('') : text)
  return pattern.replaceAll('{username}', () => literal(user)).replaceAll('{vhost}', () => literal(vhost))
}
