import type { ManagementClient } from '../../broker/management/client.ts'
import { type SlotBinding, slotOf, type SlotRule } from '../../model/binding-slot.ts'
import { addressOf } from '../../model/address.ts'
import type { Binding } from '../../model/topology.ts'
import type { RebindChange } from '../../plan/change.ts'
import { PartialChangeError } from '../partial-change-error.ts'
import { bringBack } from '../delete/dependents.ts'
import { StaleError } from '../delete/exceeds-approved-impact.ts'
import { bind, type LiveBinding, readBindingsTo, unbind } from '../bindings.ts'

/**
 * Removes all bindings in the slot of a binding, and then creates it. If that fails, restores the removed ones.
 *
 * @throws {StaleError} when the slot contains a binding that the plan did not name; nothing is done then
 */
export async function rebind(client: ManagementClient, { address, after, unbinds, rule }: RebindChange): Promise<void> {
  const live = await readSlot(client, rule, after)
  const planned = new Set(unbinds.map((each) => addressOf('binding', each)))
  const added = live.find((each) => each.address !== address && !planned.has(each.address))
  if (added !== undefined) throw new StaleError(`the binding ${added.address} was added`)
  // A queue or an exchange that this run recreated already has the declared binding.
  if (live.length === 1 && live[0]?.address === address && !planned.has(address)) return
  await replaceInSlot(client, live, after)
}

/**
 * Recreates the bindings that are kept in the slot of a deleted binding, because the broker no longer routes by them.
 *
 * @param rebinds the bindings that the plan found; missing ones are left out
 */
export async function rebindRest(client: ManagementClient, rebinds: readonly SlotBinding[]): Promise<void> {
  const [first] = rebinds
  if (first === undefined) return
  const [live, ...others] = await readSlot(client, first.rule, first.binding)
  // Only the binding that was created first is effective. The others are listed but have no effect, as before.
  if (live === undefined) return
  await replaceInSlot(client, [live, ...others], live.binding)
  await bringBack(client, { bindings: others.map(({ binding }) => binding), rights: [] })
}

async function replaceInSlot(client: ManagementClient, live: readonly LiveBinding[], after: Binding): Promise<void> {
  const unbound: LiveBinding[] = []
  try {
    for (const each of live) {
      unbound.push(each)
      await unbind(client, each)
    }
    await bind(client, after)
  } catch (error) {
    // Bindings are restored even if it is unknown whether they were removed, because the slot may be empty.
    await putBack(client, unbound, error)
  }
}

async function putBack(client: ManagementClient, unbound: readonly LiveBinding[], error: unknown): Promise<never> {
  const missing: string[] = []
  for (const { binding, address } of unbound) {
    try {
      await bind(client, binding)
    } catch {
      missing.push(address)
    }
  }
  throw new PartialChangeError(error, missing)
}

async function readSlot(client: ManagementClient, rule: SlotRule, binding: Binding): Promise<readonly LiveBinding[]> {
  const slot = slotOf(rule, binding)
  return (await readBindingsTo(client, binding)).filter((each) => slotOf(rule, each.binding) === slot)
}
