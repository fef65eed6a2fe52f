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
 * Removes all bindings in the slot of a binding, and then binds it. Where it cannot be bound, those that were there come
 * back.
 *
 * @throws {StaleError} when the slot holds a binding that the plan did not name; nothing is done then
 */
export async function rebind(client: ManagementClient, { address, after, unbinds, rule }: RebindChange): Promise<void> {
  const live = await readSlot(client, rule, after)
  const planned = new Set(unbinds.map((each) => addressOf('binding', each)))
  const added = live.find((each) => each.address !== address && !planned.has(each.address))
  if (added !== undefined) throw new StaleError(`the binding ${added.address} was added`)
  // A queue or an exchange that this run recreated got the declared binding at once.
  if (live.length === 1 && live[0]?.address === address && !planned.has(address)) return
  await replaceInSlot(client, live, after)
}

/**
 * Binds again the bindings that are kept in the slot of a deleted binding: the broker routes by none of them any more.
 *
 * @param rebinds as the plan found them; what is gone by now is left out
 */
export async function rebindRest(client: ManagementClient, rebinds: readonly SlotBinding[]): Promise<void> {
  const [first] = rebinds
  if (first === undefined) return
  const [live, ...others] = await readSlot(client, first.rule, first.binding)
  // Only one of them routes, whichever is bound first; the others are listed and do nothing, as before.
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
    // What was only tried to be unbound is bound again too: the slot may be empty.
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
