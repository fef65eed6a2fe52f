import type { ReplaceChange } from '../../plan/change.ts'
import { holdingQueue } from '../../plan/migration/holding-queue.ts'
import { NOTHING_YET } from '../../broker/records/move-journal.ts'
import { PartialChangeError } from '../partial-change-error.ts'
import type { ApplyRun } from '../apply-run.ts'
import { readMovedBindings, toQueue } from '../bindings.ts'

/**
 * Deletes a queue and recreates it, and keeps its bindings in the journal meanwhile. Otherwise undeclared bindings
 * would be lost if the run is killed in between. The next run finds the unfinished move and completes it.
 *
 * @param recreate performs it
 */
export async function journalBindings(
  run: ApplyRun,
  { before, after, impact }: Extract<ReplaceChange, { kind: 'queue' }>,
  recreate: () => Promise<void>,
): Promise<void> {
  // A delay queue has only the bindings of its ladder, and its migration waits for its messages.
  if ((impact?.undeclaredBindings ?? 0) === 0 || after.role?.kind === 'delay') return recreate()
  const { vhost, name } = before
  const journal = run.journalOf(vhost)
  const bindings = await readMovedBindings(run.client, toQueue(vhost, name))
  await journal.put({
    from: name,
    to: name,
    holding: holdingQueue(before).name,
    step: 'fill',
    bindings,
    tally: NOTHING_YET,
  })
  try {
    await recreate()
  } catch (error) {
    // The next run restores bindings that could not be recreated.
    if (!(error instanceof PartialChangeError) || error.missing.length === 0) await journal.remove(name)
    throw error
  }
  await journal.remove(name)
}
