import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import { deletes } from '../../broker/management/writes.ts'
import { addressOf } from '../../model/address.ts'
import { withDeclaredSlots } from '../../model/binding-slot.ts'
import type { Binding } from '../../model/topology.ts'
import type { RenameChange, ReplaceChange } from '../../plan/change.ts'
import type { ReplacedExchange } from '../../broker/records/move-journal.ts'
import { afterFirstWrite, PartialChangeError } from '../partial-change-error.ts'
import { bringBack, deleteAndLook, type Dependents, putBack, topicPermissionsOn } from '../delete/dependents.ts'
import { isOfExchange, readBindings } from '../bindings.ts'
import type { ApplyRun } from '../apply-run.ts'
import { requireApprovedImpact } from '../delete/exceeds-approved-impact.ts'
import { putExchange } from '../write/write-change.ts'

type Replaced = Extract<ReplaceChange, { kind: 'exchange' }>

/**
 * Deletes an exchange and recreates it with all bindings in both directions, even undeclared ones, and its topic
 * permissions. Meanwhile they are in the journal, because a killed run would lose undeclared ones. The next run
 * restores them.
 *
 * @throws {StaleError} when it has bindings that the plan did not name; nothing is done then
 */
export async function recreateExchange(run: ApplyRun, change: Replaced): Promise<void> {
  const { client } = run
  const { before, impact, resumes } = change
  const { vhost, name } = before
  const journal = run.journalOf(vhost)
  const live = (await readBindings(client, vhost)).filter(isOfExchange(name))
  requireApprovedImpact(run, impact, { bindings: live.map(({ address }) => address) })
  const left = resumes ? await journal.findExchange(name) : undefined
  const found = withLeft(vhost, left, {
    bindings: live.map(({ binding }) => binding),
    rights: run.isAdministrator ? await topicPermissionsOn(client, before) : [],
  })
  const dependents = { ...found, bindings: withDeclaredSlots(found.bindings, change.bindsAs ?? []) }
  const isJournaled = dependents.bindings.length + dependents.rights.length > 0
  if (isJournaled) await journal.putExchange(entryOf(name, dependents))
  try {
    await recreate(client, change, dependents)
  } catch (error) {
    // The next run restores what could not be recreated, including entries that this run found in the journal.
    const isBack = left === undefined && !(error instanceof PartialChangeError && error.missing.length > 0)
    if (isJournaled && isBack) await journal.removeExchange(name)
    throw error
  }
  if (isJournaled || left !== undefined) await journal.removeExchange(name)
}

async function recreate(
  client: ManagementClient,
  { before, after, differences, resumes }: Replaced,
  dependents: Dependents,
): Promise<void> {
  const { vhost, name } = before
  // A stopped run may have created the new exchange, or left none.
  if (differences.length > 0) {
    await deleteAndLook(
      () => deletes.exchange(client, vhost, name, false),
      async () => (await reads.exchanges(client, vhost)).some((exchange) => exchange.name === name),
      dependents,
    )
  }
  try {
    await putExchange(client, after)
  } catch (error) {
    await putBack(client, () => putExchange(client, before), dependents, error)
  }
  await bringBack(client, dependents, resumes && isGone)
}

/** The other end of a binding, or the user, may have been deleted after the run was stopped. */
function isGone(error: unknown): boolean {
  return error instanceof ManagementError && (error.isNotFound() || /no_such_user/.test(error.reason))
}

/** Combines the dependents in the journal of a stopped run with the existing ones. */
function withLeft(vhost: string, left: ReplacedExchange | undefined, { bindings, rights }: Dependents): Dependents {
  if (left === undefined) return { bindings, rights }
  const all = [...left.bindings.map((each): Binding => ({ vhost, ...each })), ...bindings]
  const remembered = left.topicPermissions.map((each) => ({ vhost, exchange: left.name, ...each }))
  return {
    bindings: [...new Map(all.map((each) => [addressOf('binding', each), each])).values()],
    // Topic permissions that have changed since then are not overwritten.
    rights: [...new Map([...remembered, ...rights].map((each) => [each.user, each])).values()],
  }
}

function entryOf(name: string, { bindings, rights }: Dependents): ReplacedExchange {
  return {
    name,
    bindings: bindings.map(({ source, destinationType, destination, routingKey, arguments: table }) => {
      return { source, destinationType, destination, routingKey, arguments: table }
    }),
    topicPermissions: rights.map(({ user, write, read }) => ({ user, write, read })),
  }
}

type Renamed = Extract<RenameChange, { kind: 'exchange' }>

/**
 * Creates the renamed exchange, with the bindings and topic permissions of the old one, which is deleted at the end.
 */
export async function copyExchange(run: ApplyRun, change: Renamed): Promise<void> {
  await putExchange(run.client, change.after)
  await afterFirstWrite(async () => {
    await copyBindings(run, change)
    await copyRights(run, change)
  })
}

/**
 * Copies the topic permissions of an exchange to the renamed one, because from RabbitMQ 4.3 on they are deleted
 * together with the old one.
 */
export async function copyRights({ client, isAdministrator }: ApplyRun, change: Renamed): Promise<void> {
  const rights = isAdministrator ? await topicPermissionsOn(client, change.before) : []
  await bringBack(client, { bindings: [], rights: rights.map((each) => ({ ...each, exchange: change.after.name })) })
}

/**
 * Copies the bindings of an exchange to the renamed one, except for those that the run has already created there.
 *
 * @returns the number of copied bindings
 */
export async function copyBindings(
  { client, dropped, made }: ApplyRun,
  { before: { vhost, name: old }, after: { name }, bindsAs }: Renamed,
): Promise<number> {
  const live = (await readBindings(client, vhost)).filter(isOfExchange(old))
  const renamed = (each: string) => (each === old ? name : each)
  const copied = live
    .filter(({ address }) => !dropped.has(address))
    .map(({ binding }): Binding => {
      const destination = binding.destinationType === 'exchange' ? renamed(binding.destination) : binding.destination
      return { ...binding, source: renamed(binding.source), destination }
    })
  // A binding with its own change is created and reported by that change.
  const bindings = withDeclaredSlots(copied, bindsAs ?? []).filter(
    (binding) => !made.has(addressOf('binding', binding)),
  )
  for (const binding of bindings) made.add(addressOf('binding', binding))
  await bringBack(client, { bindings, rights: [] })
  return bindings.length
}
