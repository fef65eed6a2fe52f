import { setTimeout as sleep } from 'node:timers/promises'
import { countReady } from '../../broker/amqp/count-ready.ts'
import type { MovedBinding } from '../../broker/records/move-journal.ts'
import { type Pair, drain, drainAhead } from './drain.ts'
import type { MoveRun } from './move-run.ts'
import { MoveStoppedError } from './move-stopped-error.ts'
import { deleteEmptyQueue, readQueue } from './one-queue.ts'
import { bindAll, readMovedBindings, toQueue, unbindAll } from '../bindings.ts'

/** What was routed a moment before a binding was removed may arrive so long after, in milliseconds. */
const ON_ITS_WAY = 1_000
const TRIES = 5

/**
 * Lets one queue take the place of another, which is empty and deleted in the end: the messages that wait go ahead; then
 * both are bound, so that none is lost, then only the new one; then the rest follows.
 *
 * @param bindings what the new queue is to be bound to
 * @param inherit told what the old one is bound to, before `bindings` is asked
 */
export async function switchOver(
  run: MoveRun,
  pair: Pair,
  bindings: () => readonly MovedBinding[],
  inherit?: (found: readonly MovedBinding[]) => Promise<void>,
): Promise<void> {
  const { client, amqp } = run
  for (let attempt = 1; ; attempt += 1) {
    const old = await readQueue(client, run.vhost, pair.from)
    if (old === undefined) return bindAll(client, toQueue(run.vhost, pair.to), bindings())
    if (attempt > TRIES) {
      throw new MoveStoppedError(
        `${run.at(pair.from)} gets new messages again and again`,
        'stop the programs that bind it, or publish to its name through the default exchange, and run it again',
      )
    }
    await inherit?.(await readMovedBindings(client, toQueue(run.vhost, pair.from)))
    const since = await handOver(run, pair, bindings())
    await drain(run, pair, since)
    // Somebody may have bound it meanwhile.
    if ((await readMovedBindings(client, toQueue(run.vhost, pair.from))).length > 0) continue
    run.checkpoint()
    const deletion = await deleteEmptyQueue(client, amqp, old)
    if (deletion === 'not-empty') continue
    run.count({ lost: deletion.lost, ...(pair.from === run.entry.from && { cancelledConsumers: deletion.consumers }) })
    return
  }
}

/** @returns when the last binding of the old queue was removed */
async function handOver(run: MoveRun, pair: Pair, bindings: readonly MovedBinding[]): Promise<number> {
  const { client, amqp } = run
  const held = async (): Promise<number> => {
    const ready = await countReady(amqp, run.vhost, run.entry.holding)
    return ready === 'missing' ? 0 : ready.messages
  }
  if (run.entry.overlapFrom === undefined) {
    if ((await readMovedBindings(client, toQueue(run.vhost, pair.from))).length === 0) {
      await bindAll(client, toQueue(run.vhost, pair.to), bindings)
      return performance.now()
    }
    run.progress(`moving what waits in ${run.at(pair.from)} to ${run.at(pair.to)}`)
    if (pair.from === run.entry.holding) run.compareNext(await held())
    await drainAhead(run, pair)
    // Only the holding queue has no consumers, so that what comes to it can be counted.
    await run.write({ overlapFrom: await held() })
  }
  run.progress(
    `binding ${run.at(pair.to)} to what ${run.at(pair.from)} is bound to (${bindings.length} ${bindings.length === 1 ? 'binding' : 'bindings'})`,
  )
  await bindAll(client, toQueue(run.vhost, pair.to), bindings)
  await unbindAll(client, toQueue(run.vhost, pair.from))
  const since = performance.now()
  await sleep(ON_ITS_WAY)
  run.count({ duplicatesAtMost: Math.max(0, (await held()) - (run.entry.overlapFrom ?? 0)) })
  await run.write({ overlapFrom: undefined })
  run.progress(`moving the rest of ${run.at(pair.from)} to ${run.at(pair.to)}`)
  return since
}
