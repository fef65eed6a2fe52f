import { compareLocations, type Location } from '../../diagnostics/location.ts'
import { address, addressOf } from '../../model/address.ts'
import type { Desired } from '../../model/desired.ts'
import type { Publication, Subscription } from '../../model/routes.ts'
import { type Declared, type Kind, KINDS, objectsOf, type Topology } from '../../model/topology.ts'
import type { Change } from '../../plan/change.ts'
import { subjectOf } from '../../plan/steps/subject.ts'
import type { LintFinding } from './lint.ts'

/** A declaration at a place in a file, and whether a plan changes its object. */
interface Declaration {
  readonly place: Location
  readonly changes: boolean
}

/**
 * Selects the findings about objects that a plan changes. A publication counts as changed with its exchange or a binding of
 * that exchange, and a subscription with its queue or a delay queue of its retries. A finding without an address is
 * about the declaration that it lies in.
 */
export function findingsAboutChanges(
  findings: readonly LintFinding[],
  changes: readonly Change[],
  { topology, routes }: Pick<Desired, 'topology' | 'routes'>,
): readonly LintFinding[] {
  const changed = new Set(changes.flatMap(addressesOf))
  let places: ReadonlyMap<string, readonly Declaration[]> | undefined
  return findings.filter(({ address: subject, location }) => {
    if (subject !== undefined) return changed.has(subject)
    if (location === undefined) return false
    places ??= byFile([
      ...KINDS.flatMap((kind) => declarationsOf(kind, topology, changed)),
      ...routes.publications.flatMap((each) => declarationOf(each, isPublicationChanged(each, changed))),
      ...routes.subscriptions.flatMap((each) => declarationOf(each, isSubscriptionChanged(each, changed))),
    ])
    return isChangedAt(location, places.get(location.file) ?? [])
  })
}

/** A changed binding also changes the routes of its exchange. */
function addressesOf(change: Change): string[] {
  const { kind, object } = subjectOf(change)
  return kind === 'binding' ? [change.address, leadsFrom(object.vhost, object.source)] : [change.address]
}

/** A key for an exchange whose bindings change. It differs from every address. */
function leadsFrom(vhost: string, exchange: string): string {
  return `bindings of ${address('exchange', vhost, exchange)}`
}

function isPublicationChanged({ vhost, exchange }: Publication, changed: ReadonlySet<string>): boolean {
  return changed.has(address('exchange', vhost, exchange)) || changed.has(leadsFrom(vhost, exchange))
}

function isSubscriptionChanged({ vhost, queue, failure }: Subscription, changed: ReadonlySet<string>): boolean {
  const delays = failure.kind === 'ladder' ? failure.delays.map((each) => each.queue) : []
  return [queue, ...delays].some((each) => changed.has(address('queue', vhost, each)))
}

function declarationsOf<K extends Kind>(kind: K, topology: Topology, changed: ReadonlySet<string>): Declaration[] {
  return objectsOf(kind, topology).flatMap((each) =>
    declarationOf(each as Declared, changed.has(addressOf(kind, each))),
  )
}

function declarationOf({ origin }: Pick<Declared, 'origin'>, changes: boolean): Declaration[] {
  return origin === undefined ? [] : [{ place: origin, changes }]
}

/**
 * The declarations of each file, in order. Declarations at the same place, such as a queue and its bindings, count as
 * one.
 */
function byFile(declarations: readonly Declaration[]): ReadonlyMap<string, readonly Declaration[]> {
  const files = new Map<string, Map<string, Declaration>>()
  for (const { place, changes } of declarations) {
    const places = files.get(place.file) ?? new Map<string, Declaration>()
    files.set(place.file, places)
    const key = `${place.line}:${place.column}`
    places.set(key, { place, changes: changes || places.get(key)?.changes === true })
  }
  return new Map(
    Array.from(files, ([file, places]) => [
      file,
      [...places.values()].toSorted((a, b) => compareLocations(a.place, b.place)),
    ]),
  )
}

/** Whether a plan changes the object that is declared at or last before this place. */
function isChangedAt(location: Location, declarations: readonly Declaration[]): boolean {
  let [low, high] = [0, declarations.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const each = declarations[middle]
    if (each !== undefined && compareLocations(each.place, location) <= 0) low = middle + 1
    else high = middle
  }
  return declarations[low - 1]?.changes === true
}
