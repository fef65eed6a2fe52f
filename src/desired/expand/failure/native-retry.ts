import type { RetrySection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Arguments } from '../../../model/arguments.ts'
import type { Queue } from '../../../model/topology.ts'
import { readDelays, type WrittenDelay } from './retry-delays.ts'
import type { ExpandContext } from '../expand-context.ts'

/** The delayed retry of a quorum queue: the wait after the nth failure is n times `min`, at most `max`. */
export interface NativeRetry {
  /** In milliseconds. */
  readonly min: number
  readonly max: number
  readonly attempts: number
  /** The arguments that enable it on the queue. */
  readonly arguments: Arguments
}

/**
 * Reads `retry` with `mode: native` in any of its forms. The queue itself delays messages, so nothing is derived. It
 * counts `basic.reject` and a lost consumer as failures, but not a requeue (`failed`).
 */
export function expandNativeRetry(scope: ExpandContext, queue: Queue, retry: RetrySection): NativeRetry | undefined {
  const written = readDelays(scope, retry)
  reportQueues(scope, retry, written)
  if (queue.type !== undefined && queue.type !== 'quorum') {
    scope.report(finding('native-needs-quorum', { type: queue.type }, scope.locate(retry, 'mode')))
  }
  const [first] = written
  const last = written.at(-1)
  if (!first || !last) return undefined
  const [min, max] = [first.delay, last.delay]
  const bent = written.find(({ delay }, index) => delay !== Math.min(min * (index + 1), max))
  if (bent || min === 0) {
    scope.report(finding('native-not-linear', {}, (bent ?? first).origin))
    return undefined
  }
  return {
    min,
    max,
    attempts: written.length,
    arguments: { 'x-delayed-retry-type': 'failed', 'x-delayed-retry-min': min, 'x-delayed-retry-max': max },
  }
}

function reportQueues(scope: ExpandContext, retry: RetrySection, written: readonly WrittenDelay[]): void {
  if (retry.via) scope.report(finding('native-has-no-queues', { property: 'via' }, scope.locate(retry, 'via')))
  const named = written.find((each) => each.queue !== undefined)
  if (named) scope.report(finding('native-has-no-queues', { property: 'queue' }, named.origin))
}
