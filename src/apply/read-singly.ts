import { liveBinding, liveExchange, liveQueue } from '../live/normalise.ts'
import type { ManagementClient } from '../management/client.ts'
import { ManagementError } from '../management/errors.ts'
import { reads } from '../management/reads.ts'
import { addressOf } from '../model/address.ts'
import type { Kind, ObjectOf } from '../model/topology.ts'
import type { MakingChange } from '../plan/plan.ts'
import { runSideBySide } from './run-side-by-side.ts'

/** How many objects a broker lists in the time in which it answers for one of them. */
const LISTED_IN_THE_TIME_OF_ONE = 20
const AT_ONCE = 16

type SinglyReadable = Extract<MakingChange, { kind: 'queue' | 'exchange' | 'binding' }>

/**
 * Whether asking for each changed object takes the broker less time than listing all that it holds.
 *
 * @param present about how many objects the listing would have
 */
export function isQuickerSingly(
  changes: readonly MakingChange[],
  present: number,
): changes is readonly SinglyReadable[] {
  return changes.length * LISTED_IN_THE_TIME_OF_ONE < present && changes.every(isSinglyReadable)
}

function isSinglyReadable({ kind }: MakingChange): boolean {
  return kind === 'queue' || kind === 'exchange' || kind === 'binding'
}

/** Reads the changed objects one by one. @returns by address; what is not there is left out */
export async function readSingly(
  client: ManagementClient,
  changes: readonly SinglyReadable[],
): Promise<ReadonlyMap<string, ObjectOf[Kind]>> {
  const found = new Map<string, ObjectOf[Kind]>()
  await runSideBySide(changes, AT_ONCE, async (change) => {
    try {
      for (const [address, object] of await read(client, change)) found.set(address, object)
    } catch (error) {
      if (!(error instanceof ManagementError && error.isNotFound())) throw error
    }
  })
  return found
}

async function read(client: ManagementClient, change: SinglyReadable): Promise<[string, ObjectOf[Kind]][]> {
  switch (change.kind) {
    case 'queue': {
      const { vhost, name } = change.after
      return [[change.address, liveQueue(await reads.queue(client, vhost, name))]]
    }
    case 'exchange': {
      const { vhost, name } = change.after
      return [[change.address, liveExchange(await reads.exchange(client, vhost, name))]]
    }
    case 'binding': {
      const bindings = (await reads.bindingsBetween(client, change.after)).map(liveBinding)
      return bindings.map((binding) => [addressOf('binding', binding), binding])
    }
  }
}
