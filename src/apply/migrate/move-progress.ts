import { countOf } from '../../diagnostics/text/count-of.ts'
import { timeLeft } from '../../diagnostics/text/time-left.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { WriteChange } from '../../plan/change.ts'

/** A change that moves the messages of a queue. */
export type MoveChange = Extract<WriteChange, { kind: 'queue'; action: 'replace' | 'rename' }>

/** Whether a change moves the messages of a queue. */
export function isMoveChange(change: WriteChange): change is MoveChange {
  return (
    change.kind === 'queue' && (change.action === 'rename' || (change.action === 'replace' && change.how === 'migrate'))
  )
}

/** Creating and deleting queues takes about as long as moving this number of messages. */
const MESSAGES_PER_QUEUE = 500

/** The progress of all moves of a run, with an estimate. The messages that the plan named are its measure. */
export class MoveProgress {
  readonly #total: number
  readonly #totalWork: number
  readonly #now: () => number
  readonly #start: number
  #done = 0
  #failed = 0
  #work = 0
  #moved = 0

  constructor(moves: readonly MoveChange[], now = () => performance.now()) {
    this.#total = moves.length
    this.#totalWork = moves.reduce((sum, each) => sum + workOf(each), 0)
    this.#now = now
    this.#start = now()
  }

  /**
   * Counts a move that has ended.
   *
   * @param moved the number of messages; undefined if the move did not succeed
   * @returns one short sentence; undefined if there is only one move, whose report says the same
   */
  ended(move: MoveChange, moved: number | undefined): string | undefined {
    this.#work += workOf(move)
    if (moved === undefined) this.#failed += 1
    else this.#done += 1
    this.#moved += moved ?? 0
    if (this.#total < 2) return undefined
    const failed = this.#failed === 0 ? '' : `, ${withCommas(this.#failed)} not`
    const counts = `${withCommas(this.#done)} of ${countOf(this.#total, 'queue')} migrated${failed}, ${countOf(this.#moved, 'message')} moved`
    if (this.#done + this.#failed === this.#total) return counts
    const perWork = (this.#now() - this.#start) / this.#work
    return `${counts}, about ${timeLeft(((this.#totalWork - this.#work) * perWork) / 1_000)} left`
  }
}

function workOf({ impact }: MoveChange): number {
  return (impact?.messages ?? 0) + MESSAGES_PER_QUEUE
}
