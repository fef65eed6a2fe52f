import { setCountingDelay } from '../../../../src/apply/counting-delay.ts'

/** How often the nodes of tests count their messages, in milliseconds; the default is every five seconds. */
const TICK = 500
/** With room for a machine that has other things to do. */
const DELAY = 4 * TICK
/** As a program waits. */
const USUAL = 6_000

/** The `advanced.config` of a node whose statistics are new all the time. */
export const QUICK_STATISTICS = `[{rabbit, [{collect_statistics_interval, ${TICK}}, {quorum_tick_interval, ${TICK}}, {stream_tick_interval, ${TICK}}]}].`

/** For tests with nodes that count as seldom as usual: another file may have run in this process before. */
export function waitForUsualStatistics(): void {
  setCountingDelay(USUAL)
}

/** Lets what runs within this process wait no longer for counts than a node with `QUICK_STATISTICS` takes. */
export function waitForQuickStatistics(): void {
  setCountingDelay(DELAY)
}
