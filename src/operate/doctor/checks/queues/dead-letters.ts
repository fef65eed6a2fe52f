import { countOf } from '../../../../diagnostics/text/count-of.ts'
import { shellWord } from '../../../../diagnostics/text/shell-word.ts'
import type { Check } from '../../check.ts'

export const deadLetters: Check = {
  id: 'dead-letters',
  title: 'dead-letter queues are empty',
  needs: ['queues'],
  *check(context) {
    for (const checked of context.queues()) {
      if (checked.role !== 'dead-letter') continue
      const { messages = 0 } = context.now(checked) ?? {}
      // If a program consumes the queue, dead letters only pass through it.
      if (messages === 0 || context.isWithoutConsumer(checked.address) === false) continue
      const before = context.first.queues.get(checked.address)?.messages ?? 0
      const more = Math.max(0, messages - before)
      yield {
        severity: 'warning',
        address: checked.address,
        message: `${countOf(messages, 'dead letter')}${more === 0 ? '' : `, ${more} more than ${Math.round(context.window / 1_000)} s before`}`,
        numbers: { messages, more },
        // Looking at a message counts as a delivery, so this check does not read the reasons.
        advice: `see why with: warren dlq peek ${shellWord(checked.queue.name)}${context.desired === undefined ? ' --live' : ''}`,
      }
    }
  },
}
