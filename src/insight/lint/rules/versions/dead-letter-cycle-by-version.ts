import { isAtLeast, NEWEST_VERSION } from '../../../../model/broker-version.ts'
import type { Queue } from '../../../../model/topology.ts'
import { isCertain } from '../../../routing/reach.ts'
import { type Message, VhostModel } from '../../../routing/vhost-model.ts'
import type { LintedVhost } from '../../lint-context.ts'
import { about, type Rule } from '../../rule.ts'

/** From this version on, the broker keeps the order of the deaths of a message (rabbit_dead_letter). */
const ORDERED_SINCE = '3.13.0'
/** A version that reverses the order. */
const REVERSING = '3.10.8'
/** The maximum number of deaths that are followed: five rounds of a cycle with ten queues. */
const MOST_DEATHS = 50

export const deadLetterCycleByVersion: Rule = {
  id: 'dead-letter-cycle-by-version',
  group: 'versions',
  severity: 'warning',
  meaning:
    'Rejected messages enter a cycle of queues in which they expire. RabbitMQ 3.12 and earlier keep them in the cycle forever; later versions drop them.',
  remedy: 'Let the dead letters end in a queue without a time to live.',
  *check({ vhosts, version }) {
    const isOrdered = isAtLeast(version, ORDERED_SINCE)
    for (const vhost of vhosts) {
      let other: VhostModel | undefined
      for (const queue of vhost.topology.queues) {
        // Delay queues have no consumers, so no consumer rejects their messages.
        const own = vhost.roles.delay.has(queue.name) ? undefined : fateOf(vhost.model, queue)
        if (own === undefined) continue
        other ??= modelOf(vhost, isOrdered ? REVERSING : NEWEST_VERSION)
        const elsewhere = fateOf(other, queue)
        if (elsewhere === undefined || elsewhere.kind === own.kind) continue
        const shown = own.queues.map((each) => `"${each}"`).join(' → ')
        yield about(
          'queue',
          queue,
          `messages that are rejected from queue "${queue.name}" expire from ${shown} and enter a cycle: RabbitMQ ${version} ${WORDS[own.kind]}, and RabbitMQ ${other.version} ${WORDS[elsewhere.kind]}`,
          'end the cycle in a queue without a time to live',
        )
      }
    }
  },
}

const WORDS = { dropped: 'drops them', circling: 'keeps them forever' } as const

interface Fate {
  readonly kind: keyof typeof WORDS
  /** The queues of the cycle. */
  readonly queues: readonly string[]
}

/** The fate of a rejected message that afterwards only expires, if it reaches a queue a second time. */
function fateOf(model: VhostModel, { name, external }: Queue): Fate | undefined {
  if (external) return undefined
  let [at, message]: [string, Message] = [name, { routingKey: '' }]
  const queues: string[] = []
  for (let deaths = 0; deaths < MOST_DEATHS; deaths += 1) {
    const { options = [] } = model.settings(at) ?? {}
    const [settings] = options
    if (settings?.deadLetter === undefined || options.length > 1) return undefined
    const isKeyed = deaths > 0 || settings.deadLetter.routingKey !== undefined
    if (!isKeyed || (deaths > 0 && settings.messageTtl === undefined)) return undefined
    const letter = model.deadLetter(at, message, deaths === 0 ? 'rejected' : 'expired', settings)
    if (letter === undefined || letter.held || !isCertain(letter.reach)) return undefined
    if (deaths > 0 && !queues.includes(at)) queues.push(at)
    const [next, ...others] = letter.reach.queues
    if (next === undefined && letter.cycles.length > 0) return { kind: 'dropped', queues }
    if (next === undefined || others.length > 0) return undefined
    ;[at, message] = [next, letter.message]
  }
  return { kind: 'circling', queues }
}

function modelOf({ topology, exchanges }: LintedVhost, version: string): VhostModel {
  return new VhostModel({ ...topology, exchanges: [...exchanges.values()] }, version)
}
