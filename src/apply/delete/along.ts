import { liveExchange, livePermission, liveTopicPermission } from '../../broker/live/normalize.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import { address } from '../../model/address.ts'
import type { Topology } from '../../model/topology.ts'
import type { DeleteChange } from '../../plan/change.ts'
import { subjectOf, vhostOf } from '../../plan/steps/subject.ts'
import { rightsOfUser, topicPermissionsOn } from '../../plan/steps/cascades.ts'
import { vanishingExchanges } from '../../plan/steps/vanishing-exchanges.ts'
import type { ApplyRun } from '../apply-run.ts'
import { isBoundTo, type LiveBinding, readBindings } from '../bindings.ts'

/**
 * Addresses of objects that are deleted together with an object, by its address. Bindings, messages and the content of
 * a virtual host are listed elsewhere.
 */
export type Along = ReadonlyMap<string, readonly string[]>

/**
 * Reads the rights that are deleted together with users, and with Khepri together with exchanges, right before these
 * are deleted.
 */
export async function rightsAlong(
  { client, deletesTopicPermissions, isAdministrator }: ApplyRun,
  changes: readonly DeleteChange[],
): Promise<Along> {
  const isTaking = ({ kind }: DeleteChange) => kind === 'user' || (kind === 'exchange' && deletesTopicPermissions)
  const taking = changes.filter(isTaking)
  if (!isAdministrator || taking.length === 0) return new Map()
  const rights = await readRights(client)
  return new Map(
    taking.map((change) => [
      change.address,
      change.kind === 'user'
        ? [...rightsOfUser(rights, change.before.name)]
        : change.kind === 'exchange'
          ? topicPermissionsOn(rights, change.before)
          : [],
    ]),
  )
}

async function readRights(client: ManagementClient): Promise<Pick<Topology, 'permissions' | 'topicPermissions'>> {
  const [permissions, topicPermissions] = await Promise.all([reads.permissions(client), reads.topicPermissions(client)])
  return {
    permissions: permissions.map(livePermission),
    topicPermissions: topicPermissions.map(liveTopicPermission),
  }
}

/**
 * Finds the auto-delete exchanges that would be deleted with their last binding. It runs before the first delete,
 * because bindings may have been removed since the plan.
 */
export async function exchangesAlong(client: ManagementClient, deletes: readonly DeleteChange[]): Promise<Along> {
  const unbinding = deletes.filter(({ kind }) => kind === 'queue' || kind === 'exchange' || kind === 'binding')
  const gone = new Set(deletes.map((each) => each.address))
  const along = new Map<string, string[]>()
  for (const vhost of new Set(unbinding.map((each) => vhostOf(subjectOf(each))))) {
    if (vhost === undefined) continue
    const exchanges = (await reads.exchanges(client, vhost)).map(liveExchange)
    if (!exchanges.some(({ autoDelete, name }) => autoDelete && !gone.has(address('exchange', vhost, name)))) continue
    const live = await readBindings(client, vhost)
    const vanishing = vanishingExchanges({ exchanges, bindings: live.map(({ binding }) => binding) }, gone)
    for (const change of vanishing.size === 0 ? [] : unbinding.filter((each) => vhostOf(subjectOf(each)) === vhost)) {
      const sources = live
        .filter((each) => isRemovedBy(change, each))
        .map(({ binding }) => address('exchange', vhost, binding.source))
        .filter((at) => vanishing.has(at))
      if (sources.length > 0) along.set(change.address, sources)
    }
  }
  return along
}

function isRemovedBy(change: DeleteChange, binding: LiveBinding): boolean {
  if (change.kind === 'queue') return isBoundTo(change.before.name)(binding)
  if (change.kind === 'binding') return binding.address === change.address
  if (change.kind !== 'exchange') return false
  const { destinationType, destination } = binding.binding
  return destinationType === 'exchange' && destination === change.before.name
}

/** Addresses that the plan names as deleted together with another object, or that have their own delete. */
export function namedAlong(deletes: readonly DeleteChange[]): ReadonlySet<string> {
  return new Set(
    deletes.flatMap(({ address: at, impact }) => [at, ...(impact?.cascades ?? []).map((each) => each.address)]),
  )
}

/**
 * Lists the objects that would be deleted together with an object and that the plan did not name; undefined if there
 * are none.
 */
export function unnamed(along: readonly string[] = [], named: ReadonlySet<string>): string | undefined {
  const first = along.find((each) => !named.has(each))
  return first === undefined ? undefined : `${first} would be deleted with it, and the plan did not name that`
}
