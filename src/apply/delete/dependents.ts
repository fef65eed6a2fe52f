import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError, UnreachableError } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import { writes } from '../../broker/management/writes.ts'
import { addressOf } from '../../model/address.ts'
import type { Binding, Exchange, TopicPermission } from '../../model/topology.ts'
import { PartialChangeError } from '../partial-change-error.ts'
import { bind } from '../bindings.ts'
import { forEachConcurrent } from '../for-each-concurrent.ts'

const AT_ONCE = 16

/** Objects that the broker deletes with a queue or an exchange, and that have to be restored on its replacement. */
export interface Dependents {
  readonly bindings: readonly Binding[]
  /** The topic permissions on an exchange, which brokers with Khepri delete with it; a queue has none. */
  readonly rights: readonly TopicPermission[]
}

/** Reads the topic permissions on an exchange. Only an administrator may read them. */
export async function topicPermissionsOn(
  client: ManagementClient,
  { vhost, name }: Exchange,
): Promise<readonly TopicPermission[]> {
  const all = await reads.topicPermissions(client)
  return all
    .filter((each) => each.vhost === vhost && each.exchange === name)
    .map(({ user, write, read }) => ({ vhost, user, exchange: name, write, read }))
}

/**
 * Deletes an object that is to be recreated. If there is no answer, checks whether it was deleted. If it was,
 * everything that was deleted with it has to be restored.
 */
export async function deleteAndLook(
  remove: () => Promise<void>,
  isThere: () => Promise<boolean>,
  dependents: Dependents,
): Promise<void> {
  try {
    await remove()
  } catch (error) {
    const unanswered = error instanceof UnreachableError || (error instanceof ManagementError && error.status >= 500)
    if (!unanswered) throw error
    const there = await isThere().catch(() => undefined)
    if (there === undefined) throw new PartialChangeError(error, addressesOf(dependents))
    if (there) throw error
  }
}

/** The new object cannot be created, so the old one is recreated as far as possible. Always throws. */
export async function putBack(
  client: ManagementClient,
  putOld: () => Promise<unknown>,
  dependents: Dependents,
  error: unknown,
): Promise<never> {
  try {
    await putOld()
  } catch {
    throw new PartialChangeError(error, addressesOf(dependents))
  }
  await bringBack(client, dependents)
  throw new PartialChangeError(error)
}

/**
 * Recreates the dependents of a queue or an exchange, and continues after failures.
 *
 * @param isGone whether an answer means that the dependent no longer exists anyway. Default: never
 * @throws {PartialChangeError} when a dependent could not be recreated
 */
export async function bringBack(
  client: ManagementClient,
  { bindings, rights }: Dependents,
  isGone: (error: unknown) => boolean = () => false,
): Promise<void> {
  const failed: { readonly address: string; readonly error: unknown }[] = []
  const attempt = async (address: string, make: () => Promise<unknown>) => {
    try {
      await make()
    } catch (error) {
      if (!isGone(error)) failed.push({ address, error })
    }
  }
  await forEachConcurrent(bindings, AT_ONCE, (each) => attempt(addressOf('binding', each), () => bind(client, each)))
  await forEachConcurrent(rights, AT_ONCE, (each) =>
    attempt(addressOf('topic-permission', each), () => {
      const { vhost, user, exchange, write, read } = each
      return writes.putTopicPermission(client, vhost, user, { exchange, write, read })
    }),
  )
  if (failed.length === 0) return
  throw new PartialChangeError(
    failed[0]?.error,
    failed.map(({ address }) => address),
  )
}

function addressesOf({ bindings, rights }: Dependents): string[] {
  return [
    ...bindings.map((each) => addressOf('binding', each)),
    ...rights.map((each) => addressOf('topic-permission', each)),
  ]
}
