import type { PublicationSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Location } from '../../../diagnostics/location.ts'
import { publicationDelayName } from '../../../model/generated-names.ts'
import type { PublicationDelay } from '../../../model/routes.ts'
import type { Binding, Declared, Exchange, Queue } from '../../../model/topology.ts'
import { durationLabel } from '../../../model/values/duration.ts'
import { type ExpandContext, placeOf } from '../expand-context.ts'
import { argumentTable } from '../objects/argument-table.ts'
import { LONGEST_TIMER, readDuration } from '../values/quantity.ts'

/** The key of a topic exchange that matches every routing key. */
const EVERY_KEY = '#'

/** The delays of the publications of a vhost, and the objects that these need. */
export interface PublicationDelays {
  /** By the name of the publication. Publications without delays are absent. */
  readonly of: ReadonlyMap<string, readonly PublicationDelay[]>
  readonly exchanges: readonly Exchange[]
  readonly queues: readonly Queue[]
  readonly bindings: readonly Binding[]
}

/**
 * Makes an exchange and a queue for each delay of an exchange. All publications to the exchange share them. A delayed
 * message keeps its routing key and headers: it goes through its own exchange to the queue, expires there, and is
 * dead-lettered to the exchange of the publication.
 */
export function expandPublicationDelays(scope: ExpandContext): PublicationDelays {
  const { publications } = scope.vhost
  const of = new Map<string, readonly PublicationDelay[]>()
  const made = new Map<string, DelayObjects>()
  for (const [name, section] of Object.entries(publications)) {
    const { exchange, delays } = section
    if (delays === undefined) continue
    if (section.expiration !== undefined) {
      scope.report(finding('delays-with-expiration', {}, scope.locate(section, 'expiration')))
    }
    if (exchange === undefined || exchange === '') {
      scope.report(finding('delays-need-exchange', {}, scope.locate(section, 'delays')))
      continue
    }
    const written = readDelays(scope, delays)
    for (const { delay, origin } of written) {
      const derived = publicationDelayName(exchange, delay)
      if (made.has(derived)) continue
      reportTaken(scope, name, derived, origin)
      made.set(derived, delayObjects(scope, { exchange, delay, name: derived }, { origin }))
    }
    of.set(
      name,
      written.map(({ delay }) => {
        const derived = publicationDelayName(exchange, delay)
        return { delay, exchange: derived, queue: derived }
      }),
    )
  }
  const all = [...made.values()]
  return {
    of,
    exchanges: all.map((each) => each.exchange),
    queues: all.map((each) => each.queue),
    bindings: all.map((each) => each.binding),
  }
}

interface WrittenDelay {
  /** In milliseconds. */
  readonly delay: number
  readonly origin: Location
}

/** Reads delays, ascending. Reports a delay that is listed twice. */
function readDelays(scope: ExpandContext, delays: NonNullable<PublicationSection['delays']>): readonly WrittenDelay[] {
  const read = new Map<number, WrittenDelay>()
  for (const [index, text] of delays.entries()) {
    const place = placeOf(scope, delays, index, 'a delay')
    const delay = readDuration(text, place, { minimum: 1, maximum: LONGEST_TIMER })
    if (delay === undefined) continue
    const first = read.get(delay)
    if (first === undefined) {
      read.set(delay, { delay, origin: scope.locate(delays, index) })
      continue
    }
    const related = [{ label: 'listed first', location: first.origin }]
    scope.report(finding('delay-listed-twice', { delay: durationLabel(delay) }, place.location, related))
  }
  return [...read.values()].toSorted((a, b) => a.delay - b.delay)
}

interface DelayObjects {
  readonly exchange: Exchange
  readonly queue: Queue
  readonly binding: Binding
}

function delayObjects(
  { vhost: { name: vhost } }: ExpandContext,
  { exchange, delay, name }: { readonly exchange: string; readonly delay: number; readonly name: string },
  declared: Declared,
): DelayObjects {
  return {
    exchange: {
      vhost,
      name,
      // Users get rights on routing keys of a topic exchange, which a fanout exchange would not check.
      type: 'topic',
      durable: true,
      autoDelete: false,
      // The broker does not let clients publish to an internal exchange.
      internal: false,
      arguments: argumentTable(),
      ...declared,
    },
    queue: {
      vhost,
      name,
      // A quorum queue keeps each message until the queues behind the exchange have confirmed it.
      type: 'quorum',
      durable: true,
      autoDelete: false,
      arguments: argumentTable({
        'x-message-ttl': delay,
        // Without x-dead-letter-routing-key, messages keep their own keys.
        'x-dead-letter-exchange': exchange,
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      }),
      role: { kind: 'publication-delay', of: exchange },
      ...declared,
    },
    binding: {
      vhost,
      source: name,
      destinationType: 'queue',
      destination: name,
      routingKey: EVERY_KEY,
      arguments: argumentTable(),
      ...declared,
    },
  }
}

function reportTaken(
  { vhost, locate, report }: ExpandContext,
  publication: string,
  name: string,
  origin: Location,
): void {
  const kinds = [
    ['exchange', vhost.exchanges],
    ['queue', vhost.queues],
  ] as const
  for (const [kind, sections] of kinds) {
    if (!Object.hasOwn(sections, name)) continue
    const related = [{ label: 'declared', location: locate(sections, name) }]
    report(finding('delay-name-taken', { kind, name, publication }, origin, related))
  }
}
