import { shellWord } from '../../diagnostics/text/shell-word.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Live, Login } from '../../broker/live/live.ts'
import { liveTopicPermission } from '../../broker/live/normalize.ts'
import { isAdministrator } from '../../broker/live/read-live.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import { grantEntry } from '../../diagnostics/text/rabbitmqctl.ts'
import type { Topology } from '../../model/topology.ts'
import type { NotExported } from '../../model/not-exported.ts'
import {
  describeRight,
  grantsFor,
  missingPermissions,
  missingTags,
  missingVhosts,
  placeholderHint,
} from '../../plan/guards/missing-rights.ts'
import type { Plan, PlannedRights } from '../../plan/plan.ts'
import type { DeclaredByRun } from '../../plan/declared-by-run.ts'
import { requiredRights } from '../../plan/guards/required-rights.ts'
import type { RequiredRight } from '../../plan/guards/right.ts'
import type { AmqpLink } from '../session/amqp-link.ts'
import { type Probed, probeRights } from './probe-rights.ts'
import { probeRightsOverHttp } from './probe-rights-over-http.ts'

/**
 * Lists the declared objects that the login may not read and that therefore cannot be compared.
 *
 * @param vhosts the virtual hosts of the run
 * @throws {WarrenError} `ACCESS_REFUSED` when it does not see a virtual host, in which nothing can be compared
 */
export function unreadableBy(live: Live, vhosts: readonly string[]): readonly NotExported[] {
  if (isAdministrator(live.login)) return []
  const { user } = live.login
  const visible = new Set(live.topology.vhosts.map(({ name }) => name))
  const hidden = vhosts.find((name) => !visible.has(name))
  if (hidden !== undefined) {
    throw lacking(
      live.login,
      `vhost ${JSON.stringify(hidden)} does not exist, or the login may not enter it`,
      `an administrator creates it, and grants the login access, with: rabbitmqctl add_vhost ${shellWord(hidden)} && ${grantEntry(hidden, user)}`,
    )
  }
  return live.parametersReadable ? ONLY_ADMINISTRATORS : [...ONLY_ADMINISTRATORS, ...ONLY_POLICYMAKERS]
}

const ONLY_ADMINISTRATORS = ['users', 'permissions', 'topic-permissions'] as const
const ONLY_POLICYMAKERS = ['parameters', 'global-parameters'] as const

/**
 * Stops an apply if warren could not compare a part of its plan, because the effect of this part is unknown.
 *
 * @throws {WarrenError} `ACCESS_REFUSED`, naming what it is, and what can be done about it
 */
export function requireCompared({ notCompared = [] }: Pick<Plan, 'notCompared'>, { user }: Login): void {
  const addresses = [...new Set(notCompared.flatMap((each) => each.addresses))]
  const [first] = addresses
  if (first === undefined) return
  const needed = notCompared.some(({ what }) => ONLY_ADMINISTRATORS.some((each) => each === what))
    ? 'administrator'
    : 'policymaker'
  const excludes = [...new Set(addresses.map((each) => `--exclude '${each.split(':', 1)[0]}:*'`))].join(' ')
  const were = addresses.length === 1 ? '1 declared object was' : `${addresses.length} declared objects were`
  throw new WarrenError(
    `${were} not compared, such as ${first}, because the login of the plan may not read them; nothing is applied`,
    {
      code: 'ACCESS_REFUSED',
      hint:
        `leave them out with ${excludes}, or plan and apply with a login that has the tag ${needed}: ` +
        `rabbitmqctl set_user_tags ${shellWord(user)} ${needed}`,
    },
  )
}

/**
 * Finds the permissions that the login lacks for the steps of a plan. warren reads the permissions of an
 * administrator, and probes those of another login at the broker.
 *
 * @param link opens AMQP
 * @param declaredByRun what the other projects of the same run declare. Default: nothing
 * @returns undefined if nothing is missing
 */
export async function findMissingRights(
  client: ManagementClient,
  { broker, login, topology, kindsRead }: Live,
  { changes }: Pick<Plan, 'changes'>,
  link: () => Promise<AmqpLink>,
  declaredByRun: DeclaredByRun = new Map(),
): Promise<PlannedRights | undefined> {
  const required = requiredRights(changes, topology, broker.version, declaredByRun)
  const tags = missingTags(required, login)
  const known = isAdministrator(login)
    ? { permissions: topology.permissions, topicPermissions: await topicPermissions() }
    : undefined
  const vhosts = missingVhosts(
    required,
    login,
    topology.vhosts.map(({ name }) => name),
    known,
  )
  const rest = required.filter(({ right }) => right.kind !== 'tag' && right.kind !== 'vhost')
  const { missing, unverified }: Probed = known
    ? { missing: missingPermissions(rest, login, known) }
    : await askBroker(client, rest, link)
  const all = [...tags, ...vhosts, ...missing]
  if (all.length === 0 && unverified === undefined) return undefined
  const grants = grantsFor(all, login, known)
  return { user: login.user, missing: all, grants, ...(unverified !== undefined && { unverified }) }

  /** Few plans need topic permissions, and few brokers have any. */
  async function topicPermissions(): Promise<Topology['topicPermissions']> {
    if (kindsRead.has('topic-permission') || !required.some(({ right }) => right.kind === 'topic')) {
      return topology.topicPermissions
    }
    return (await reads.topicPermissions(client)).map(liveTopicPermission)
  }
}

async function askBroker(
  client: ManagementClient,
  required: readonly RequiredRight[],
  link: () => Promise<AmqpLink>,
): Promise<Probed> {
  if (required.length === 0) return { missing: [] }
  const opened = await link()
  return 'missing' in opened
    ? probeRightsOverHttp(client, required, opened.missing)
    : probeRights(opened.amqp, required)
}

/** The maximum number of missing rights that an error names; a plan names all. */
const MOST_NAMED = 5

/**
 * Stops an apply whose login lacks permissions, before the first write.
 *
 * @throws {WarrenError} `ACCESS_REFUSED`, naming what is missing and the commands that grant it
 */
export function requireRights({ rights }: Pick<Plan, 'rights'>, login: Login): void {
  if (rights === undefined || rights.missing.length === 0) return
  const named = rights.missing
    .slice(0, MOST_NAMED)
    .map(({ right, addresses }) => `it ${describeRight(right)} (${addresses[0]})`)
  const more = rights.missing.length - named.length
  const what = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
  const grants = rights.grants.join(' && ')
  if (grants === '') throw lacking(login, what, 'correct the URIs')
  const before = placeholderHint(rights.grants, login.user)
  throw lacking(login, what, `grant what is missing with: ${grants}${before === undefined ? '' : `; ${before}`}`)
}

function lacking({ user }: Login, what: string, hint: string): WarrenError {
  return new WarrenError(`the login ${JSON.stringify(user)} lacks rights: ${what}`, {
    code: 'ACCESS_REFUSED',
    hint,
  })
}
