import type { Queue } from '../../../../model/topology.ts'
import type { DeathReason } from '../../../routing/deaths.ts'
import type { QueueSettings } from '../../../routing/queue-settings.ts'
import { isCertain } from '../../../routing/reach.ts'
import type { Message } from '../../../routing/vhost-model.ts'
import type { LintedVhost } from '../../lint-context.ts'
import { about, type Rule } from '../../rule.ts'

export const deadLetterCycle: Rule = {
  id: 'dead-letter-cycle',
  group: 'routing',
  severity: 'warning',
  meaning: 'Messages that expire return to a queue in which they have expired before, and the broker drops them.',
  remedy:
    'Remove the time to live of the consumed queue, or let its dead letters end in a queue without a time to live.',
  *check({ vhosts }) {
    for (const vhost of vhosts) {
      const reported = new Set<string>()
      for (const queue of vhost.topology.queues) {
        const cycle = reported.has(queue.name) ? undefined : cycleFrom(vhost, queue)
        if (cycle === undefined) continue
        for (const each of cycle.queues) reported.add(each)
        const shown = [...cycle.queues, queue.name].map((each) => `"${each}"`).join(' → ')
        yield about(
          'queue',
          queue,
          cycle.held
            ? `unconsumed messages expire from ${shown}; the broker routes none a second time, and the last queue keeps them forever`
            : `unconsumed messages expire from ${shown}, and there the broker drops them, since it has dead-lettered them in that queue before`,
          'end the dead letters in a queue without a time to live',
        )
      }
    }
  },
}

interface Cycle {
  readonly queues: readonly string[]
  /** Whether the last queue keeps the messages. */
  readonly held: boolean
}

/** The maximum length of a cycle that is searched for. */
const LONGEST = 50

/** Follows a message that only expires, while its destination is certain. */
function cycleFrom({ model }: LintedVhost, { name, external }: Queue): Cycle | undefined {
  if (external) return undefined
  const queues: string[] = []
  let at = name
  let message: Message = { routingKey: '' }
  while (queues.length < LONGEST) {
    const { options = [] } = model.settings(at) ?? {}
    const [settings] = options
    if (settings === undefined || options.length > 1 || !isSteered(settings, queues.length > 0)) return undefined
    queues.push(at)
    const letter = model.deadLetter(at, message, REASON, settings)
    if (letter === undefined || !isCertain(letter.reach)) return undefined
    if (letter.cycles.includes(name)) return { queues, held: letter.held }
    const [next, ...others] = letter.reach.queues
    if (next === undefined || others.length > 0 || queues.includes(next)) return undefined
    at = next
    message = letter.message
  }
  return undefined
}

const REASON: DeathReason = 'expired'

/** Whether all messages of a queue expire and their next routing key is known. */
function isSteered({ messageTtl, deadLetter }: QueueSettings, hasKey: boolean): boolean {
  return messageTtl !== undefined && deadLetter !== undefined && (hasKey || deadLetter.routingKey !== undefined)
}
