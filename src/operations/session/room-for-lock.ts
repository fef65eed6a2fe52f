import { address } from '../../model/address.ts'
import type { Block } from '../../plan/block.ts'
import type { Plan } from '../../plan/plan.ts'

/** The virtual hosts whose queue limit leaves no room for both the lock and a queue that the plan creates. */
export function vhostsWithoutRoomForLock({ vhosts, notes }: Pick<Plan, 'vhosts' | 'notes'>): string[] {
  const crowded = new Set(notes.flatMap((note) => (note.note === 'no-room-for-lock' ? note.addresses : [])))
  return vhosts.filter((name) => crowded.has(address('vhost', name)))
}

/** Adds to the head of a plan that its apply releases the lock, if it has to. */
export function withRoomForLock<P extends Plan>(plan: P): P {
  const [crowded] = vhostsWithoutRoomForLock(plan)
  if (crowded === undefined || plan.unlocked !== undefined) return plan
  const taken = plan.ownership.records.flatMap(({ take }) => take.map(({ from }) => from))
  const because = `the queue limit of vhost ${JSON.stringify(crowded)} leaves no room for the lock`
  const blocks = [...new Set(taken)].map((project): Block => {
    return { reason: 'hand-over-unlocked', address: address('vhost', crowded), project, because }
  })
  return {
    ...plan,
    blocks: [...plan.blocks, ...blocks],
    unlocked: `the queue limit of vhost ${JSON.stringify(crowded)} leaves no room for it`,
  }
}
