import { NOTHING_YET } from '../../broker/records/move-journal.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { holdingQueue } from '../../plan/migration/holding-queue.ts'
import type { ApplyRun } from '../apply-run.ts'
import { readMovedBindings, toQueue } from '../bindings.ts'
import { MoveRun } from './move-run.ts'
import { type MoveState, next, stateOf } from './move-states.ts'
import type { MoveResult, QueueMove } from './queue-move.ts'
import { withAttempts } from './with-attempts.ts'

/**
 * Replaces or renames a queue, and keeps every message. `move-states.ts` describes how. After a killed run, the next
 * run continues.
 *
 * @throws {WarrenError} naming the obstacle; every message is kept, and the next run continues
 */
export async function moveQueue(apply: ApplyRun, move: QueueMove): Promise<MoveResult> {
  return withAttempts(apply, move, async () => {
    const { run, state: first } = await readPosition(apply, move)
    const migration = { run, move, attempts: { looks: 0, declarations: 0 } }
    let state = first
    while (state.at !== 'done') state = await next(migration, state)
    return resultOf(run)
  })
}

interface Position {
  readonly run: MoveRun
  readonly state: MoveState
}

/** Reads the state of a migration from the journal. @throws {WarrenError} when it was started with another new name */
async function readPosition(apply: ApplyRun, { from, to }: QueueMove): Promise<Position> {
  const { vhost, name } = from
  const known = await apply.journalOf(vhost).find(name)
  if (known === undefined || known.step === 'check') {
    const bindings = await readMovedBindings(apply.client, toQueue(vhost, name))
    const holding = holdingQueue(from).name
    const entry = { from: name, to: to.name, holding, step: 'check', bindings, tally: NOTHING_YET } as const
    return { run: new MoveRun(apply, vhost, entry), state: { at: 'check', again: known !== undefined } }
  }
  const run = new MoveRun(apply, vhost, known)
  if (known.to !== to.name && known.step === 'empty') {
    throw new WarrenError(`an earlier run has begun to move ${run.at(name)} to ${run.at(known.to)}`, {
      code: 'MIGRATION_STOPPED',
      hint: `declare ${run.at(known.to)} once more, so that the move can finish; then rename that`,
    })
  }
  run.progress(`continuing to move the messages of ${run.at(name)}`)
  run.countCutShort()
  await run.write({ to: to.name })
  return { run, state: stateOf(known.step) }
}

function resultOf({ entry: { tally } }: MoveRun): MoveResult {
  const { duplicatesAtLeast, duplicatesAtMost, ...rest } = tally
  return {
    ...rest,
    // Programs may have published a message twice themselves.
    duplicates: { atLeast: Math.min(duplicatesAtLeast, duplicatesAtMost), atMost: duplicatesAtMost },
  }
}
