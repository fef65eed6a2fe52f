import { durationLabel } from '../../../../model/values/duration.ts'
import type { Check } from '../../check.ts'

export const oldestMessage: Check = {
  id: 'oldest-message',
  title: 'no message waits for long, where its age is known',
  needs: ['queues'],
  *check(context) {
    const { last, limits } = context
    for (const checked of context.queues()) {
      const { oldest, messages = 0 } = context.now(checked) ?? {}
      if (oldest === undefined || messages === 0 || checked.role !== 'work') continue
      const age = last.time - oldest
      if (age <= limits.maxAge) continue
      yield {
        severity: 'warning',
        address: checked.address,
        message: `its oldest message is ${durationLabel(minutes(age))} old by its timestamp, and the limit of this check is ${durationLabel(limits.maxAge)}`,
        numbers: { age, maxAge: limits.maxAge, messages },
        advice: 'add consumers, or find out why they are slow; --max-age sets another limit',
      }
    }
  },
}

/** In whole minutes, or in seconds if it is shorter. */
function minutes(age: number): number {
  const unit = age < 60_000 ? 1_000 : 60_000
  return Math.floor(age / unit) * unit
}
