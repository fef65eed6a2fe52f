import { isAtLeast } from '../../model/broker-version.ts'
import type { Permission, TopicPermission } from '../../model/topology.ts'
import { literally } from '../../model/values/name-pattern.ts'
import { BrokerPattern } from '../../model/values/broker-pattern.ts'

/** Whether a user may do something; unknown if JavaScript cannot evaluate the regular expression. */
export type Right = 'allowed' | 'refused' | 'unknown'

/** The rights of a user in one virtual host. */
export interface RightsOf {
  readonly user: string
  readonly vhost: string
  /** Absent if the user has no access to the virtual host. */
  readonly permission?: Permission
  readonly topicPermissions: readonly TopicPermission[]
}

/**
 * Whether a user may publish to an exchange (rabbit_channel: `check_write_permitted`). On a topic exchange, a topic
 * permission of the user for it is checked too: on 3.10 with the routing key alone, on later versions with CC and BCC
 * as well. The broker checks rights only at this exchange, not at the exchanges behind it.
 *
 * @param keys the routing key, then the keys of CC and BCC
 * @param version the version of the broker, such as `4.3.6`
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

/** Whether a user may consume from a queue. */
export function mayConsume(rights: RightsOf, queue: string): Right {
  return rights.permission === undefined ? 'refused' : matches(rights.permission.read, queue)
}

/** A permission is not anchored, and the broker reads an empty one as `^$`, which matches nothing. */
function matches(pattern: string, name: string): Right {
  if (pattern === '') return name === '' ? 'allowed' : 'refused'
  const answer = new BrokerPattern(pattern).matches(name)
  if (answer === undefined) return 'unknown'
  return answer ? 'allowed' : 'refused'
}

/** Replaces the variables of a topic permission. From 4.2.4 on, their values are taken literally. */
function withVariables(pattern: string, { user, vhost }: RightsOf, version: string): string {
  const literal = (text: string) => (isAtLeast(version, '4.2.4') ? literally(text).join('') : text)
  return pattern.replaceAll('{username}', () => literal(user)).replaceAll('{vhost}', () => literal(vhost))
}
