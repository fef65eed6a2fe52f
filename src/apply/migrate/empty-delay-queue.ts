import type { Queue } from '../../model/topology.ts'
import { drain, runOut } from './drain.ts'
import type { MoveRun } from './move-run.ts'
import { MoveStoppedError } from './move-stopped-error.ts'
import { declareHoldingQueue, deleteEmptyQueue, readQueue } from './one-queue.ts'
import { readMovedBindings, toQueue, unbindAll, unionOf } from '../bindings.ts'
import { delayOf, drainsByItself } from '../../plan/compare/drains-by-itself.ts'

const TRIES = 5

/**
 * Empties and deletes a delay queue. While it is unbound, workers take another delay, or hold what they have; a holding
 * queue in its place would keep for ever what is to come back. What waits runs out by itself; with a longer delay, it is
 * moved to the holding queue, and waits its full delay again afterwards.
 */
export async function emptyDelayQueue(run: MoveRun, declared: Queue): Promise<void> {
  const { client, amqp } = run
  const { from, holding } = run.entry
  for (let attempt = 1; ; attempt += 1) {
    const old = await readQueue(client, run.vhost, from)
    if (old === undefined) return
    if (attempt > TRIES) {
      throw new MoveStoppedError(
        `${run.at(from)} gets new messages again and again`,
        'stop the programs that bind it, or publish to its name through the default exchange, and run it again',
      )
    }
    const found = unionOf(run.entry.bindings, await readMovedBindings(client, toQueue(run.vhost, from)))
    if (found.length > run.entry.bindings.length) await run.write({ bindings: found })
    await unbindAll(client, toQueue(run.vhost, from))
    const since = performance.now()
    if (drainsByItself(old, declared)) {
      run.progress(`waiting until ${run.at(from)} has run out`)
      await runOut(run, from, delayOf(old) ?? 0, since)
    } else {
      run.progress(`moving what waits in ${run.at(from)} to ${run.at(holding)}`)
      await declareHoldingQueue(client, { vhost: run.vhost, name: from })
      await drain(run, { from, to: holding }, since)
    }
    if ((await readMovedBindings(client, toQueue(run.vhost, from))).length > 0) continue
    run.checkpoint()
    const deletion = await deleteEmptyQueue(client, amqp, old)
    if (deletion === 'not-empty') continue
    run.count({ lost: deletion.lost, cancelledConsumers: deletion.consumers })
    return
  }
}
