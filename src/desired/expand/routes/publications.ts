import type { PublicationSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Location } from '../../../diagnostics/location.ts'
import { excessiveLength } from '../../../model/generated-names.ts'
import { PARTITION_KEY, type Publication, type PublicationDelay } from '../../../model/routes.ts'
import { argumentTable } from '../objects/argument-table.ts'
import { referToQueue, type Destinations } from '../objects/bindings.ts'
import { referToSuperStream, type SuperStreams } from '../objects/super-streams.ts'
import { integerWithin, LONGEST_TIMER, readDuration } from '../values/quantity.ts'
import { referToExchange } from '../checks/known-exchanges.ts'
import type { PublicationDelays } from './publication-delays.ts'
import { expandPublished, withVersion } from './message-rule.ts'
import { parametersOf, parseRoutingKey } from './routing-key.ts'
import { placeOf, type ExpandContext } from '../expand-context.ts'

/** Makes the publications of a vhost by name, with explicit defaults. */
export function expandPublications(
  scope: ExpandContext,
  destinations: Destinations,
  { partitions, delays }: Pick<SuperStreams, 'partitions'> & { readonly delays: PublicationDelays['of'] },
): ReadonlyMap<string, Publication> {
  return new Map(
    Object.entries(scope.vhost.publications).map(([name, section]) => [
      name,
      expandPublication(scope, { ...destinations, partitions }, name, section, delays.get(name)),
    ]),
  )
}

function expandPublication(
  scope: ExpandContext,
  destinations: Destinations & Pick<SuperStreams, 'partitions'>,
  name: string,
  section: PublicationSection,
  delays: readonly PublicationDelay[] | undefined,
): Publication {
  const { expiration } = section
  const milliseconds =
    expiration === undefined
      ? undefined
      : readDuration(expiration, placeOf(scope, section, 'expiration'), { minimum: 0, maximum: LONGEST_TIMER })
  const message = expandPublished(scope, section.message)
  return {
    name,
    vhost: scope.vhost.name,
    ...(section.superStream === undefined
      ? routeOf(scope, destinations, section, scope.locate(scope.vhost.publications, name))
      : superStreamRoute(scope, destinations, section, scope.locate(scope.vhost.publications, name))),
    headers: argumentTable(withVersion(scope, section.headers, message?.version)),
    persistent: section.persistent ?? true,
    mandatory: section.mandatory ?? true,
    confirm: section.confirm ?? true,
    ...(milliseconds !== undefined && { expiration: milliseconds }),
    ...(delays && { delays }),
    ...priorityOf(scope, section),
    ...(message && { message }),
    origin: scope.locate(scope.vhost.publications, name),
  }
}

/** Reads the priority of a publication or request. */
export function priorityOf(
  scope: ExpandContext,
  section: Pick<PublicationSection, 'priority'>,
): Pick<Publication, 'priority'> {
  if (section.priority === undefined) return {}
  const priority = integerWithin(section.priority, placeOf(scope, section, 'priority'), { minimum: 0, maximum: 255 })
  return priority === undefined ? {} : { priority }
}

/** The destination of a publication or request. */
type Route = Pick<Publication, 'exchange' | 'routingKey' | 'parameters' | 'partitionKeys'>

/** Reads the destination of a publication or request. */
export function routeOf(
  scope: ExpandContext,
  destinations: Destinations,
  section: Pick<PublicationSection, 'exchange' | 'queue' | 'routingKey'>,
  at: Location,
): Route {
  const { exchange, queue, routingKey } = section
  if ((exchange === undefined) === (queue === undefined)) scope.report(finding('publication-route', {}, at))
  if (queue === undefined) return exchangeRoute(scope, destinations, section)
  referToQueue(scope, destinations.queues, queue, () => scope.locate(section, 'queue', 'value'))
  if (exchange === undefined && routingKey !== undefined) {
    scope.report(finding('routing-key-with-queue', { queue }, scope.locate(section, 'routingKey')))
  }
  return { exchange: '', routingKey: queue, parameters: [] }
}

function superStreamRoute(
  scope: ExpandContext,
  { partitions }: Pick<SuperStreams, 'partitions'>,
  section: PublicationSection,
  at: Location,
): Route {
  const { superStream: exchange = '', queue, routingKey } = section
  if (section.exchange !== undefined || queue !== undefined) scope.report(finding('publication-route', {}, at))
  if (routingKey !== undefined) {
    scope.report(
      finding('routing-key-with-super-stream', { superStream: exchange }, scope.locate(section, 'routingKey')),
    )
  }
  const partitionKeys = (referToSuperStream(scope, partitions, section) ?? []).map(({ key }) => key)
  return { exchange, routingKey: `{${PARTITION_KEY}}`, parameters: [PARTITION_KEY], partitionKeys }
}

function exchangeRoute(
  scope: ExpandContext,
  { exchanges }: Destinations,
  section: Pick<PublicationSection, 'exchange' | 'routingKey'>,
): Route {
  const { exchange = '', routingKey = '' } = section
  if (section.exchange !== undefined) {
    const at = (): Location => scope.locate(section, 'exchange', 'value')
    const known = referToExchange(scope, exchanges, exchange, at)
    if (known?.internal) scope.report(finding('internal-exchange', { exchange }, at()))
  }
  const parts = parseRoutingKey(routingKey)
  const bytes = excessiveLength(routingKey)
  if (!parts) {
    scope.report(finding('routing-key-braces', { routingKey }, scope.locate(section, 'routingKey', 'value')))
  } else if (bytes !== undefined && parametersOf(parts).length === 0) {
    scope.report(finding('routing-key-too-long', { bytes }, scope.locate(section, 'routingKey', 'value')))
  }
  return { exchange, routingKey, parameters: parametersOf(parts ?? []) }
}
