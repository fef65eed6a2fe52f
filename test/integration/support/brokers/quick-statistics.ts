import { setCountingDelay } from '../../../../src/apply/counting-delay.ts'

/** How often the nodes of tests count their messages, in milliseconds; the default is every five seconds. */
const TICK = 500
/** The wait with a margin for a busy machine. */
const DELAY = 4 * TICK
/** The normal wait of a program. */
const USUAL = 6_000

/** The `advanced.config` of a node whose statistics are always recent. */
export const QUICK_STATISTICS = `[{rabbit, [{collect_statistics_interval, ${TICK}}, {quorum_tick_interval, ${TICK}}, {stream_tick_interval, ${TICK}}]}].`

/** For tests with nodes at the normal interval, because another file may have run in this process before. */
export function waitForUsualStatistics(): void {
  setCountingDelay(USUAL)
}

/** Shortens the wait for counts in this process to the time that a node with `QUICK_STATISTICS` takes. */
export function waitForQuickStatistics(): void {
  setCountingDelay(DELAY)
}
