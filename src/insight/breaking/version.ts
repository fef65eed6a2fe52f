import type { Location } from '../../diagnostics/location.ts'
import type { Routes } from '../../model/routes.ts'
import type { Topology } from '../../model/topology.ts'

/** One version of a topology, as far as its source contains it. */
export interface TopologyVersion {
  readonly topology: Topology
  readonly routes: Routes
  /** What the source does not contain: it is not compared. Default: nothing. */
  readonly lacks?: readonly NotContained[]
}

export type NotContained = 'routes' | 'policies' | 'users'

/** Another project, which uses objects of the topology. Its version does not change. */
export interface OtherProject {
  readonly project: string
  readonly topology: Pick<Topology, 'exchanges' | 'queues' | 'bindings'>
  readonly routes: Routes
}

/** `breaking` fails for somebody, `risky` may, and `safe` does not. */
export type ChangeClass = 'breaking' | 'risky' | 'safe'

/** What a change does to the users of a topology. */
export interface BreakingFinding {
  /** Stable: the rule and what it is about. `--allow` takes it. */
  readonly id: string
  readonly rule: BreakingRule
  readonly class: ChangeClass
  /** Such as `queue:orders/billing`, or `publication:orders/invoice-paid` for a route. */
  readonly address: string
  readonly reason: string
  /** Projects that use what has changed. Absent where none is known. */
  readonly usedBy?: readonly string[]
  /** A message that one version accepts and the other refuses. */
  readonly counterexample?: unknown
  /** Where the new version declares it. */
  readonly location?: Location
}

/** Every rule with what to do about its findings. */
export const BREAKING_RULES = {
  'publication-removed': 'keep the publication until no program publishes with it',
  'publication-renamed': 'keep a publication of the old name next to the new one until no program uses it',
  'publication-parameters': 'add a publication with the new parameters, and keep the old one until no program uses it',
  'publication-added': '',
  'publication-settings': 'check that publishers and consumers can do without it',
  'subscription-removed': 'keep the subscription until no program consumes with it',
  'subscription-renamed': 'keep a subscription of the old name next to the new one until no program uses it',
  'subscription-moved': 'keep the old queue with its bindings until its consumers have moved and it is empty',
  'subscription-added': '',
  'subscription-settings': 'check that the handlers can do without it',
  'publication-reaches-fewer': 'keep the binding, or tell the consumers of the queue',
  'publication-reaches-others': 'keep the binding to the old queue until its consumers have moved',
  'publication-reaches-more': '',
  'reach-undecided': 'trace messages of the publication in both versions with warren trace',
  'binding-removed': 'make sure that no message with this key is published any more',
  'queue-removed': 'stop its consumers and empty it first',
  'queue-renamed': 'programs that name the queue have to use the new name once it is applied',
  'queue-redeclared': 'programs that declare the queue themselves have to declare it in the new way, or no longer',
  'queue-added': '',
  'exchange-removed': 'stop its publishers first',
  'exchange-renamed': 'programs that name the exchange have to use the new name once it is applied',
  'exchange-redeclared':
    'programs that declare the exchange themselves have to declare it in the new way, or no longer',
  'exchange-added': '',
  'vhost-removed': 'stop the programs that use it first',
  'vhost-limits': 'check how many connections and queues there are',
  'limit-lowered': 'check how many messages the queue holds at most, and how old they become',
  'limit-raised': '',
  'dead-letters-lost': 'keep a dead-letter route, or make sure that no one needs what fails',
  'dead-letters-moved': 'empty the old dead-letter queue, and tell those who watch it',
  'ladder-shortened': 'check that what handlers depend on is back before the last retry',
  'ladder-extended': '',
  'rights-lost': 'grant the right until no program of the user needs it',
  'rights-narrowed': 'make sure that the user uses nothing that the files do not declare',
  'rights-undecided': 'compare the patterns yourself',
  'rights-gained': '',
  'user-removed': 'stop the programs that log in as this user first',
  'message-refused': 'change consumers first, and publishers when all consumers accept the new messages',
  'message-undecided': 'compare the schemas yourself',
  'message-compatible': '',
} as const satisfies Readonly<Record<string, string>>

export type BreakingRule = keyof typeof BREAKING_RULES

/** Makes a finding; its id is the rule and the rest of the address, without `=`, which separates it from a reason. */
export function breakingFinding(
  rule: BreakingRule,
  kind: ChangeClass,
  address: string,
  reason: string,
  more: Pick<BreakingFinding, 'usedBy' | 'counterexample' | 'location'> & { readonly part?: string } = {},
): BreakingFinding {
  const { part, usedBy, location, ...rest } = more
  const about = address.slice(address.indexOf(':') + 1) + (part === undefined ? '' : `/${part}`)
  return {
    id: `${rule}:${about.replaceAll('=', '%3D')}`,
    rule,
    class: kind,
    address,
    reason,
    ...(usedBy !== undefined && usedBy.length > 0 && { usedBy }),
    ...rest,
    ...(location && { location }),
  }
}
