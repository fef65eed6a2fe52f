import { canonicalJson } from '../../model/address.ts'
import { durationLabel } from '../../model/values/duration.ts'
import type { FailureRule, Subscription } from '../../model/routes.ts'
import { routeAddress } from './comparison.ts'
import { type BreakingFinding, breakingFinding } from './version.ts'

/** Compares the number of retries of a failed message, and its final destination. */
export function compareFailure(before: Subscription, after: Subscription): readonly BreakingFinding[] {
  const at = routeAddress('subscription', after)
  const [old, current] = [retriesOf(before.failure), retriesOf(after.failure)]
  const located = after.origin === undefined ? {} : { location: after.origin }
  const findings: BreakingFinding[] = []
  if (current.count < old.count || current.time < old.time) {
    const reason = `a failed message is retried ${retryWords(current)} instead of ${retryWords(old)}`
    findings.push(breakingFinding('ladder-shortened', 'risky', at, reason, located))
  } else if (current.count > old.count || current.time > old.time) {
    const reason = `a failed message is retried ${retryWords(current)} instead of ${retryWords(old)}`
    findings.push(breakingFinding('ladder-extended', 'safe', at, reason, located))
  }
  const [end, newEnd] = [endOf(before.failure), endOf(after.failure)]
  if (end.dead !== undefined && newEnd.dead === undefined) {
    const reason = `messages that fail for the last time are no longer kept as dead letters: ${newEnd.words}`
    findings.push(breakingFinding('dead-letters-lost', 'breaking', at, reason, located))
  } else if (end.dead !== newEnd.dead || end.words !== newEnd.words) {
    const reason = `messages that fail for the last time are handled in another way: ${newEnd.words} (before: ${end.words})`
    findings.push(breakingFinding('dead-letters-moved', 'risky', at, reason, located))
  }
  return findings
}

interface Retries {
  readonly count: number
  /** In milliseconds. */
  readonly time: number
}

function retriesOf(failure: FailureRule): Retries {
  switch (failure.kind) {
    case 'ladder':
      return { count: failure.delays.length, time: failure.delays.reduce((sum, { delay }) => sum + delay, 0) }
    case 'native': {
      const { attempts, min, max } = failure
      const rising = Math.min(attempts, Math.floor(max / Math.max(min, 1)))
      return { count: attempts, time: (min * rising * (rising + 1)) / 2 + (attempts - rising) * max }
    }
    case 'onFailure':
      return { count: 0, time: 0 }
  }
}

function retryWords({ count, time }: Retries): string {
  return count === 0 ? 'never' : `${count} times in ${time === 0 ? '0s' : durationLabel(time)}`
}

function endOf(failure: FailureRule): { readonly dead?: string; readonly words: string } {
  if (failure.kind === 'onFailure') return { words: WORDS[failure.action] }
  if (failure.last === 'discard') return { words: WORDS.discard }
  return { dead: canonicalJson(failure.last), words: 'it is dead-lettered' }
}

const WORDS = { discard: 'it is discarded', requeue: 'it is requeued', stop: 'the consumer stops' } as const
