import { finding } from '../../../diagnostics/findings/finding.ts'
import type { RelatedLocation } from '../../../diagnostics/location.ts'
import { canonicalJson } from '../../../model/address.ts'
import { excessiveLength } from '../../../model/generated-names.ts'
import type { Declared, Exchange, Queue } from '../../../model/topology.ts'
import { argumentText } from '../objects/argument-table.ts'
import type { DerivedQueue } from './derived-queue.ts'
import type { FailurePath } from './failure-path.ts'
import type { ExpandContext } from '../expand-context.ts'

/** Adds the `<queue>.failed` exchanges to the declared ones, by name. */
export function mergeExchanges(
  scope: ExpandContext,
  declared: readonly Exchange[],
  paths: readonly FailurePath[],
): ReadonlyMap<string, Exchange> {
  const merged = new Map(declared.map((each) => [each.name, each]))
  for (const { exchange, queue } of paths) {
    reportLength(scope, exchange, queue.name)
    const taken = merged.get(exchange.name)
    if (taken) reportTaken(scope, 'exchange', exchange, queue.name, taken)
    else merged.set(exchange.name, exchange)
  }
  return merged
}

/**
 * Adds the queues that `retry` and `deadLetter` derive to the declared ones, by name.
 *
 * The file may declare a queue that it names. A declared dead-letter queue remains as declared, because any queue can
 * hold dead letters. A delay queue works only as derived, so a declared one has to equal the derived one, or the
 * alternative with its type.
 */
export function mergeQueues(
  scope: ExpandContext,
  declared: readonly Queue[],
  paths: readonly FailurePath[],
): ReadonlyMap<string, Queue> {
  const merged = new Map(declared.map((each) => [each.name, each]))
  const byHand = new Set(merged.keys())
  for (const derived of paths.flatMap(({ queues }) => queues)) {
    const { name } = derived.queue
    const taken = merged.get(name)
    reportLength(scope, derived.queue, derived.of)
    if (!taken) merged.set(name, derived.queue)
    else if (byHand.has(name)) reportDeclared(scope, derived, taken)
    else reportDifferent(scope, derived, taken)
  }
  return merged
}

function reportDeclared(scope: ExpandContext, derived: DerivedQueue, taken: Queue): void {
  // A queue that is its own dead-letter queue is reported at its declaration.
  if (taken.name === derived.of && derived.purpose === 'dead-letter') return
  if (!derived.named) {
    reportTaken(scope, 'queue', derived.queue, derived.of, taken)
  } else if (derived.purpose === 'delay') {
    const { queue, orElse } = derived
    const wanted = orElse && orElse.type === taken.type ? orElse : queue
    if (!taken.external) reportDifferent(scope, { ...derived, queue: wanted }, taken)
  } else if (derived.limited) {
    const args = { queue: taken.name, of: derived.of }
    scope.report(finding('dead-letter-limits-twice', args, derived.queue.origin, declaredAt(taken)))
  }
}

function reportDifferent(scope: ExpandContext, { queue, of, purpose }: DerivedQueue, taken: Queue): void {
  const properties = differences(taken, queue)
  if (properties.length === 0) return
  const args = { queue: queue.name, of, purpose, properties }
  scope.report(finding('derived-queue-differs', args, queue.origin, declaredAt(taken)))
}

/** The differences as sentences, with the values of the derived queue. */
function differences(taken: Queue, derived: Queue): string[] {
  const properties = (['type', 'durable', 'autoDelete'] as const).flatMap((name) =>
    taken[name] === derived[name] ? [] : [`${name}: ${String(derived[name] ?? 'none')}`],
  )
  const names = new Set([...Object.keys(taken.arguments), ...Object.keys(derived.arguments)])
  const argumentsThatDiffer = [...names].toSorted().flatMap((name) => {
    const [before, after] = [taken.arguments[name], derived.arguments[name]]
    const equal = before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)
    return equal ? [] : [`${name}: ${after === undefined ? 'none' : argumentText(after)}`]
  })
  return [...properties, ...argumentsThatDiffer]
}

function reportLength(scope: ExpandContext, { name, origin }: Exchange | Queue, of: string): void {
  const bytes = excessiveLength(name)
  if (bytes !== undefined) scope.report(finding('derived-name-too-long', { name, bytes, of }, origin))
}

function reportTaken(
  scope: ExpandContext,
  kind: 'exchange' | 'queue',
  derived: Exchange | Queue,
  of: string,
  taken: Declared,
): void {
  scope.report(finding('derived-name-taken', { kind, name: derived.name, of }, derived.origin, declaredAt(taken)))
}

function declaredAt({ origin }: Declared): RelatedLocation[] {
  return origin ? [{ label: 'declared', location: origin }] : []
}
