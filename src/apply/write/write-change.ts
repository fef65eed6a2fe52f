import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import type { ManagementClient, Written } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import { type SentUser, writes } from '../../broker/management/writes.ts'
import { revealCredentials } from '../../model/secrets/mask-credentials.ts'
import type { Credential, Exchange, Policy, Queue, User, UserLimits, VirtualHost } from '../../model/topology.ts'
import type { Change } from '../../plan/change.ts'
import type { ApplyRun } from '../apply-run.ts'
import { bind } from '../bindings.ts'
import { afterFirstWrite } from '../partial-change-error.ts'
import { putQueue } from './put-queue.ts'

/** A change that can be made in place. */
export type WritableChange = Extract<Change, { action: 'create' | 'update' }>

/**
 * Sends one change to the broker.
 *
 * @returns `found` if the broker reported that the object already existed; `made` otherwise
 */
export async function writeChange(run: ApplyRun, change: WritableChange): Promise<Written> {
  const { client } = run
  switch (change.kind) {
    case 'vhost':
      return writeVhost(client, change.after, change.action === 'update' ? change.before : undefined)
    case 'user':
      return change.action === 'create' ? createUser(client, change.after) : updateUser(client, change)
    case 'permission': {
      const { vhost, user, configure, write, read } = change.after
      return writes.putPermission(client, vhost, user, { configure, write, read })
    }
    case 'topic-permission': {
      const { vhost, user, exchange, write, read } = change.after
      // The API answers 204 as soon as the user has another topic permission in the vhost
      // (rabbit_mgmt_wm_topic_permission).
      await writes.putTopicPermission(client, vhost, user, { exchange, write, read })
      return 'made'
    }
    case 'exchange':
      return putExchange(client, change.after)
    case 'queue':
      return putQueue(client, await amqpFor(run, change.after), change.after)
    case 'policy':
      return writePolicy(client, 'policies', change.after)
    case 'operator-policy':
      return writePolicy(client, 'operator-policies', change.after)
    case 'parameter': {
      const { vhost, component, name, value } = change.after
      return writes.putParameter(client, component, vhost, name, revealCredentials(value))
    }
    case 'global-parameter':
      return writes.putGlobalParameter(client, change.after.name, revealCredentials(change.after.value))
    case 'binding':
      await bind(client, change.after)
      return 'made'
  }
}

/** Connects only for types that the API may leave half-declared, so that classic queues need no connection. */
async function amqpFor(run: ApplyRun, { type, vhost }: Queue): Promise<Amqp | undefined> {
  return type === 'classic' ? undefined : run.amqpToCreateIn(vhost)
}

export function putExchange(client: ManagementClient, exchange: Exchange): Promise<Written> {
  const { vhost, name, type, durable, autoDelete, internal, arguments: table } = exchange
  const body = { type, durable, auto_delete: autoDelete, internal, arguments: table }
  return writes.putExchange(client, vhost, name, body)
}

function writePolicy(
  client: ManagementClient,
  kind: 'policies' | 'operator-policies',
  policy: Policy,
): Promise<Written> {
  const { vhost, name, pattern, applyTo, priority, definition } = policy
  return writes.putPolicy(client, kind, vhost, name, { pattern, 'apply-to': applyTo, priority, definition })
}

/** A PUT resets what it omits, so an update repeats the live values that are not declared (rabbit_mgmt_wm_vhost). */
async function writeVhost(
  client: ManagementClient,
  after: VirtualHost,
  before: VirtualHost | undefined,
): Promise<Written> {
  const defaultQueueType = after.defaultQueueType ?? before?.defaultQueueType
  const written = await writes.putVhost(client, after.name, {
    description: after.description ?? before?.description ?? '',
    tags: after.tags ?? before?.tags ?? [],
    ...(defaultQueueType !== undefined && { default_queue_type: defaultQueueType, defaultqueuetype: defaultQueueType }),
  })
  const { limits, protect } = after
  await afterFirstWrite(async () => {
    if (limits) {
      const { name } = after
      await writeLimits(VHOST_LIMITS, limits, before?.limits, {
        put: (limit, value) => writes.putVhostLimit(client, name, limit, value),
        delete: (limit) => writes.deleteVhostLimit(client, name, limit),
      })
    }
    if (protect !== undefined) await writeVhostProtection(client, after.name, protect, before)
  })
  return written
}

/**
 * A PUT neither sets nor resets the protection (rabbit_mgmt_wm_vhost_deletion_protection); brokers before 4.0.6 do
 * not have it.
 */
async function writeVhostProtection(
  client: ManagementClient,
  vhost: string,
  protect: boolean,
  before: VirtualHost | undefined,
): Promise<void> {
  const found = before ? before.protect : (await reads.vhost(client, vhost)).protected_from_deletion
  if (found === undefined || found === protect) return
  await (protect ? writes.protectVhost(client, vhost) : writes.unprotectVhost(client, vhost))
}

const VHOST_LIMITS = [
  ['maxConnections', 'max-connections'],
  ['maxQueues', 'max-queues'],
] as const
const USER_LIMITS = [
  ['maxConnections', 'max-connections'],
  ['maxChannels', 'max-channels'],
] as const

/**
 * Writes the limits that differ, one after the other: the broker reads, changes and writes one table for both
 * (rabbit_vhost_limit).
 */
async function writeLimits<Property extends string, Limit extends string>(
  names: readonly (readonly [property: Property, limit: Limit])[],
  after: LimitValues<Property>,
  before: LimitValues<Property> | undefined,
  write: LimitWrites<Limit>,
): Promise<void> {
  for (const [property, limit] of names) {
    const value = after[property]
    if (value === before?.[property]) continue
    await (value === undefined ? write.delete(limit) : write.put(limit, value))
  }
}

type LimitValues<Property extends string> = { readonly [P in Property]?: number }

interface LimitWrites<Limit> {
  put(limit: Limit, value: number): Promise<unknown>
  delete(limit: Limit): Promise<unknown>
}

async function createUser(client: ManagementClient, user: User): Promise<Written> {
  const written = await writes.putUser(client, user.name, { tags: user.tags ?? [], ...sentCredential(user.credential) })
  const { limits } = user
  if (limits) await afterFirstWrite(() => writeUserLimits(client, user.name, limits, undefined))
  return written
}

/**
 * A PUT without a password clears it (rabbit_mgmt_wm_user), so the live hash is sent again if the password does not
 * change.
 */
async function updateUser(client: ManagementClient, { before, after, differences }: UserUpdate): Promise<Written> {
  const credential = differences.some((each) => 'secret' in each) ? after.credential : before.credential
  const changesUser = differences.some(({ property }) => !property.startsWith('limits.'))
  if (changesUser) {
    await writes.putUser(client, after.name, { tags: after.tags ?? before.tags ?? [], ...sentCredential(credential) })
  }
  const { limits } = after
  if (limits) await afterFirstWrite(() => writeUserLimits(client, after.name, limits, before.limits))
  return 'found'
}

type UserUpdate = Extract<Change, { kind: 'user'; action: 'update' }>

/** A password is sent unchanged, so that the broker's own validators and hashing algorithm apply. */
function sentCredential(credential: Credential | undefined): DistributedOmit<SentUser, 'tags'> {
  if (credential?.kind === 'password' && credential.secret) return { password: credential.secret.reveal() }
  const hash = credential?.kind === 'hash' ? credential : undefined
  return {
    password_hash: hash?.hash?.reveal() ?? '',
    ...(hash?.algorithm !== undefined && { hashing_algorithm: hash.algorithm }),
  }
}

type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

function writeUserLimits(
  client: ManagementClient,
  user: string,
  after: UserLimits,
  before: UserLimits | undefined,
): Promise<void> {
  return writeLimits(USER_LIMITS, after, before, {
    put: (limit, value) => writes.putUserLimit(client, user, limit, value),
    delete: (limit) => writes.deleteUserLimit(client, user, limit),
  })
}
