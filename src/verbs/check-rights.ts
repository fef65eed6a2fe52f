import { ExitCode } from '../diagnostics/exit-code.ts'
import { shellWord } from '../diagnostics/shell-word.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import type { Live, Login } from '../live/live.ts'
import { isAdministrator } from '../live/read-live.ts'
import type { ManagementClient } from '../management/client.ts'
import { grantEntry } from '../management/grant-entry.ts'
import type { Topology } from '../model/topology.ts'
import { grantsFor, missingPermissions, missingTags, sayRight } from '../plan/missing-rights.ts'
import type { Plan, PlannedRights } from '../plan/plan.ts'
import { type RequiredRight, requiredRights } from '../plan/required-rights.ts'
import type { AmqpLink } from './amqp-link.ts'
import { type Probed, probeRights } from './probe-rights.ts'
import { probeRightsOverHttp } from './probe-rights-over-http.ts'

/**
 * Finds what the login may not read, before a plan is made from half a picture.
 *
 * @throws {WarrenError} naming what is missing and the command that grants it
 */
export function checkReadingRights(live: Live, desired: Topology): void {
  if (isAdministrator(live.login)) return
  const { user } = live.login
  if (desired.users.length + desired.permissions.length + desired.topicPermissions.length > 0) {
    throw lacking(
      live.login,
      'the files declare users, which only an administrator may read',
      `give it the tag with: rabbitmqctl set_user_tags ${shellWord(user)} administrator`,
    )
  }
  if (!live.parametersReadable && desired.parameters.length + desired.globalParameters.length > 0) {
    throw lacking(
      live.login,
      'the files declare parameters, which only a policymaker may read',
      `give it the tag with: rabbitmqctl set_user_tags ${shellWord(user)} policymaker`,
    )
  }
  const visible = new Set(live.topology.vhosts.map(({ name }) => name))
  const hidden = desired.vhosts.find(({ name }) => !visible.has(name))
  if (hidden) {
    throw lacking(
      live.login,
      `vhost ${JSON.stringify(hidden.name)} does not exist, or the login may not enter it`,
      `an administrator creates it, and lets the login in, with: rabbitmqctl add_vhost ${shellWord(hidden.name)} && ${grantEntry(hidden.name, user)}`,
    )
  }
}

/**
 * Finds what the login lacks for the steps of a plan. An administrator may read its permissions; another login finds out by
 * asking the broker.
 *
 * @param link opens AMQP
 * @returns undefined where it has all rights
 */
export async function findMissingRights(
  client: ManagementClient,
  { login, topology }: Live,
  { changes }: Pick<Plan, 'changes'>,
  link: () => Promise<AmqpLink>,
): Promise<PlannedRights | undefined> {
  const required = requiredRights(changes, topology)
  const tags = missingTags(required, login)
  const known = isAdministrator(login) ? topology : undefined
  const rest = required.filter(({ right }) => right.kind !== 'tag')
  const { missing, unverified }: Probed = known
    ? { missing: missingPermissions(rest, login, known) }
    : await askBroker(client, rest, link)
  const all = [...tags, ...missing]
  if (all.length === 0 && unverified === undefined) return undefined
  const grants = grantsFor(all, login, known)
  return { user: login.user, missing: all, grants, ...(unverified !== undefined && { unverified }) }
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

/** How many missing rights an error names; a plan names all. */
const MOST_NAMED = 5

/**
 * Stops an apply whose login lacks rights, before the first write.
 *
 * @throws {WarrenError} naming what is missing and the commands that grant it
 */
export function requireRights({ rights }: Pick<Plan, 'rights'>, login: Login): void {
  if (rights === undefined || rights.missing.length === 0) return
  const named = rights.missing
    .slice(0, MOST_NAMED)
    .map(({ right, addresses }) => `it ${sayRight(right)} (${addresses[0]})`)
  const more = rights.missing.length - named.length
  const what = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
  throw lacking(login, what, `grant what is missing with: ${rights.grants.join(' && ')}`)
}

function lacking({ user }: Login, what: string, hint: string): WarrenError {
  return new WarrenError(`the login ${JSON.stringify(user)} lacks rights: ${what}`, {
    exitCode: ExitCode.unreachable,
    hint,
  })
}
