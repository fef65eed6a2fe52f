import { BrokerPattern } from '../../model/values/broker-pattern.ts'
import { groupByKey } from '../../model/values/group-by-key.ts'
import { literally, patternOf } from '../../model/values/name-pattern.ts'
import { shellWord } from '../../diagnostics/text/shell-word.ts'
import type { Permission, Topology, TopicPermission } from '../../model/topology.ts'
import type { RequiredRight, Right, ResourceRight, TagRight, TopicRight, VhostRight } from './right.ts'

/** The login. */
export interface LoginTags {
  readonly user: string
  readonly tags: readonly string[]
}

/** The rights of a login that only an administrator may read. */
export type KnownRights = Pick<Topology, 'permissions' | 'topicPermissions'>

/** The tags that a plan needs and a login lacks. */
export function missingTags(required: readonly RequiredRight[], { tags }: LoginTags): RequiredRight[] {
  return required.filter(
    ({ right }) => right.kind === 'tag' && !tags.includes('administrator') && !tags.includes(right.tag),
  )
}

/** The rights to queues, exchanges and topics that the permissions of a login do not include. */
export function missingPermissions(
  required: readonly RequiredRight[],
  { user }: LoginTags,
  known: KnownRights,
): RequiredRight[] {
  return required.filter(({ right }) => {
    switch (right.kind) {
      case 'tag':
      case 'vhost':
        return false
      case 'resource':
        return !allows(rowOf(known, right.vhost, user)?.[right.right] ?? '', right.name)
      case 'topic': {
        const row = topicRowOf(known, right, user)
        // Without a topic permission, every key is allowed (rabbit_auth_backend_internal, check_topic_access).
        return row !== undefined && !allows(expand(row.read, right.vhost, user), right.routingKey)
      }
    }
  })
}

/**
 * The virtual hosts that do not exist or that a login may not connect to.
 *
 * @param vhosts the names of the virtual hosts that are visible to the login
 * @param known absent if the login may not read it; then the visible virtual hosts are those that it may connect to,
 *   or all with the tag `monitoring`
 */
export function missingVhosts(
  required: readonly RequiredRight[],
  { user }: LoginTags,
  vhosts: readonly string[],
  known?: KnownRights,
): RequiredRight[] {
  return required.flatMap((each) => {
    const { right } = each
    if (right.kind !== 'vhost') return []
    if (!vhosts.includes(right.vhost)) return [{ ...each, right: { ...right, exists: false } }]
    return known !== undefined && rowOf(known, right.vhost, user) === undefined ? [each] : []
  })
}

function rowOf({ permissions }: KnownRights, vhost: string, user: string): Permission | undefined {
  return permissions.find((each) => each.vhost === vhost && each.user === user)
}

function topicRowOf({ topicPermissions }: KnownRights, right: TopicRight, user: string): TopicPermission | undefined {
  return topicPermissions.find(
    (each) => each.vhost === right.vhost && each.exchange === right.exchange && each.user === user,
  )
}

/** The variables in topic permissions that an AMQP 0-9-1 connection has. */
function expand(expression: string, vhost: string, user: string): string {
  return expression.replaceAll('{username}', user).replaceAll('{vhost}', vhost)
}

/** Whether a pattern matches a name. If JavaScript cannot evaluate the pattern, the broker decides. */
function allows(expression: string, name: string): boolean {
  return expression === '' ? name === '' : new BrokerPattern(expression).matches(name) !== false
}

/**
 * The commands that grant the missing permissions and no others: each adds the exact names to the existing permissions.
 *
 * @param known absent if the login may not read its permissions; the command then contains a placeholder in capitals
 */
export function grantsFor(missing: readonly RequiredRight[], login: LoginTags, known?: KnownRights): string[] {
  const rights = missing.map(({ right }) => right)
  const resources = [...groupByKey(rights.filter(isResource), ({ vhost }) => vhost).values()]
  const topics = groupByKey(rights.filter(isTopic), ({ vhost, exchange }) => JSON.stringify([vhost, exchange]))
  return [
    ...grantTag(rights.filter(isTag), login),
    ...rights.filter(isVhost).flatMap((right) => grantVhost(right, login.user, resources.flat())),
    ...resources.map((group) => grantResources(group, login.user, known)),
    ...Array.from(topics.values(), (group) => grantTopics(group, login.user, known)),
  ]
}

/** Commands that set all expressions of a login, and the commands that print the current ones. */
const PRINTED_BY = [
  ['set_permissions', 'list_user_permissions'],
  ['set_topic_permissions', 'list_user_topic_permissions'],
] as const
const PLACEHOLDER = /'(?:CONFIGURE|WRITE|READ)['|]/

/**
 * The instruction for commands of `grantsFor` that contain placeholders: run without preparation, they would remove
 * the existing permissions. Undefined if no command contains any.
 */
export function placeholderHint(grants: readonly string[], user: string): string | undefined {
  const printing = PRINTED_BY.flatMap(([sets, lists]) =>
    grants.some((each) => each.startsWith(`rabbitmqctl ${sets} `) && PLACEHOLDER.test(each))
      ? [`rabbitmqctl ${lists} ${shellWord(user)}`]
      : [],
  )
  return printing.length === 0
    ? undefined
    : `replace the words in capitals with the current expressions of the login: ${printing.join(' and ')} prints them`
}

function grantTag(rights: readonly TagRight[], { user, tags }: LoginTags): string[] {
  if (rights.length === 0) return []
  // An administrator has all rights of the other tags, and a policymaker those of `management`.
  const needed = rights.some(({ tag }) => tag === 'administrator')
    ? ['administrator']
    : [...tags.filter((each) => each !== 'management'), 'policymaker']
  return [['rabbitmqctl set_user_tags', ...[user, ...needed].map(shellWord)].join(' ')]
}

/** `amqp:///` leads to the virtual host with the empty name, which is certainly not intended. */
function grantVhost({ vhost, exists }: VhostRight, user: string, granted: readonly ResourceRight[]): string[] {
  if (vhost === '') return []
  const isGranted = granted.some((each) => each.vhost === vhost)
  return [
    ...(exists === false ? [`rabbitmqctl add_vhost ${shellWord(vhost)}`] : []),
    ...(isGranted ? [] : [command('set_permissions', vhost, [shellWord(user)], ['', '', ''])]),
  ]
}

function grantResources(
  rights: readonly [ResourceRight, ...ResourceRight[]],
  user: string,
  known?: KnownRights,
): string {
  const [{ vhost }] = rights
  const row = known && rowOf(known, vhost, user)
  const patterns = (['configure', 'write', 'read'] as const).map((each) => {
    const names = rights.filter(({ right }) => right === each).map(({ name }) => name)
    return added(known === undefined ? each.toUpperCase() : (row?.[each] ?? ''), names)
  })
  return command('set_permissions', vhost, [shellWord(user)], patterns)
}

function grantTopics(rights: readonly [TopicRight, ...TopicRight[]], user: string, known?: KnownRights): string {
  const [first] = rights
  const row = known && topicRowOf(known, first, user)
  const keys = rights.map(({ routingKey }) => routingKey)
  const present =
    known === undefined ? { write: 'WRITE', read: 'READ' } : { write: row?.write ?? '', read: row?.read ?? '' }
  const who = [shellWord(user), shellWord(first.exchange)]
  return command('set_topic_permissions', first.vhost, who, [present.write, added(present.read, keys)])
}

function command(name: string, vhost: string, who: readonly string[], patterns: readonly string[]): string {
  // An empty pattern matches no name, so it is replaced with a visible pattern that matches none either.
  const quoted = patterns.map((each) => `'${(each === '' ? NONE : each).replaceAll("'", `'\\''`)}'`)
  return ['rabbitmqctl', name, '-p', shellWord(vhost), ...who, ...quoted].join(' ')
}

/** Matches no name of a queue or an exchange. */
const NONE = '^$'

/** A pattern that also matches these names. */
function added(present: string, names: readonly string[]): string {
  if (names.length === 0) return present
  const more = patternOf(names.map(literally))
  return present === '' || present === NONE ? more : `${present}|${more}`
}

/** A right as the end of a sentence that begins with "it may not". */
export function describeRight(right: Right): string {
  switch (right.kind) {
    case 'tag':
      return `has no tag ${right.tag}`
    case 'vhost':
      return right.exists === false
        ? `cannot connect to vhost ${JSON.stringify(right.vhost)}, which does not exist or is hidden from it`
        : `may not connect to vhost ${JSON.stringify(right.vhost)}`
    case 'resource':
      return `may not ${VERBS[right.right]} ${right.resource} ${JSON.stringify(right.name)} in vhost ${JSON.stringify(right.vhost)}`
    case 'topic':
      return `may not bind exchange ${JSON.stringify(right.exchange)} in vhost ${JSON.stringify(right.vhost)} with the routing key ${JSON.stringify(right.routingKey)}`
  }
}

const VERBS = { configure: 'configure', write: 'write to', read: 'read from' } as const

const isTag = (right: Right): right is TagRight => right.kind === 'tag'
const isResource = (right: Right): right is ResourceRight => right.kind === 'resource'
const isVhost = (right: Right): right is VhostRight => right.kind === 'vhost'
const isTopic = (right: Right): right is TopicRight => right.kind === 'topic'
