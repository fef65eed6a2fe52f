import { addressOf } from '../../../../model/address.ts'
import { argumentProblem } from '../../../../model/broker-tables/argument-problem.ts'
import { isAtLeast } from '../../../../model/broker-version.ts'
import { type Kind, KINDS, type ObjectOf, objectsOf, type Queue } from '../../../../model/topology.ts'
import type { Abilities, Unsupported } from '../../../../plan/broker-support/abilities.ts'
import { unsupportedBy } from '../../../../plan/broker-support/unsupported.ts'
import type { WriteChange } from '../../../../plan/change.ts'
import { decisionToReplace, permissionToShorten, topicPermissionToShorten } from '../fix-commands.ts'
import type { UpgradeContext } from '../upgrade-context.ts'
import type { UpgradeFeature, UpgradeIssue } from '../upgrade-issue.ts'

/** From this version on, it is denied unless the configuration permits it (RabbitMQ docs, Deprecated Features). */
const MASTER_LOCATOR_DENIED_SINCE = '4.3.0'

/** The abilities of an unconfigured broker of a version, with all plugins. */
function abilitiesOf(version: string): Abilities {
  const deniedFeatures = isAtLeast(version, MASTER_LOCATOR_DENIED_SINCE) ? ['queue_master_locator'] : []
  return { version, exchangeTypes: [], forbidsOperatorPolicies: false, deniedFeatures }
}

/**
 * Objects that a version on the path refuses to create. An import of definitions leaves most of them out and still
 * answers with success. Policies are reported with all of their keys by `features/policies.ts`.
 */
export function* refusedObjects(context: UpgradeContext): Iterable<UpgradeIssue> {
  for (const kind of KINDS) {
    if (kind !== 'policy' && kind !== 'operator-policy') yield* refusedOfKind(context, kind)
  }
}

function* refusedOfKind<K extends Kind>(context: UpgradeContext, kind: K): Iterable<UpgradeIssue> {
  for (const object of objectsOf(kind, context.topology)) {
    const found = refusedFirst(context, kind, object)
    if (found === undefined) continue
    const [message, advice] = context.explain(found.what)
    const address = addressOf(kind, object)
    yield {
      feature: featureOf(found.what),
      effect: 'refused',
      since: found.series,
      stage: 'objects',
      address,
      message,
      advice,
      ...fixOf(context, kind, object, address),
    }
  }
}

/** The first series on the path that refuses an object, which the current version accepts. */
export function refusedFirst<K extends Kind>(
  context: UpgradeContext,
  kind: K,
  after: ObjectOf[K],
): { readonly series: string; readonly what: Unsupported } | undefined {
  const change = { action: 'create', kind, address: '', after } as unknown as WriteChange
  const known = {
    sourceTypeOf: ({ vhost, source }: { readonly vhost: string; readonly source: string }) =>
      context.exchangeType(vhost, source) ?? (source === 'amq.topic' ? 'topic' : undefined),
    defaultTypeOf: () => 'classic',
  }
  if (unsupportedBy(abilitiesOf(context.from), change, known) !== undefined) return undefined
  for (const { series, version } of context.path) {
    const what = unsupportedBy(abilitiesOf(version), change, known)
    if (what !== undefined) return { series, what }
  }
  return undefined
}

/** The section of docs/reference/upgrade-changes.md. */
export function featureOf(what: Unsupported): UpgradeFeature {
  if (what.kind === 'argument-refused' && what.argument === 'x-queue-version') return 'classic-storage'
  if (what.kind === 'policy-key-removed' && what.key.startsWith('ha-')) return 'mirroring'
  return FEATURES[what.kind] ?? 'policy-keys'
}

const FEATURES: Readonly<Partial<Record<Unsupported['kind'], UpgradeFeature>>> = {
  'feature-denied': 'master-locator',
  'expression-too-long': 'long-expressions',
  'routing-key-refused': 'binding-keys',
  'argument-refused': 'queue-arguments',
  'parameter-refused': 'parameters',
}

function fixOf<K extends Kind>(
  context: UpgradeContext,
  kind: K,
  object: ObjectOf[K],
  address: string,
): Pick<UpgradeIssue, 'commands' | 'edit' | 'decision'> {
  if (kind === 'queue') {
    const queue = object as Queue
    // An export leaves out such queues, because programs declare them when they start.
    if (queue.autoDelete || !queue.durable) return { commands: [] }
    const refused = refusedArguments(queue, context.path.at(-1)?.version ?? context.from)
    return { commands: [], edit: `remove ${refused.join(', ')}`, decision: decisionToReplace(address) }
  }
  if (kind === 'binding') {
    return { commands: [], edit: 'write another routing key', decision: `--prune --allow delete=${address}` }
  }
  if (kind === 'permission') return { commands: [permissionToShorten(object as ObjectOf['permission'])] }
  if (kind === 'topic-permission') {
    return { commands: [topicPermissionToShorten(object as ObjectOf['topic-permission'])] }
  }
  return { commands: [] }
}

/** All arguments of a queue that a version refuses. */
function refusedArguments({ type = 'classic', arguments: table }: Queue, version: string): string[] {
  const denied = abilitiesOf(version).deniedFeatures.includes('queue_master_locator')
  return Object.keys(table).filter(
    (name) =>
      argumentProblem(type, name, table, version) !== undefined || (denied && name === 'x-queue-master-locator'),
  )
}
