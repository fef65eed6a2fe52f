import { consumedQueues } from '../../model/routes.ts'
import { address, addressOf, canonicalJson } from '../../model/address.ts'
import { queueArgument } from '../../model/broker-tables/queue-arguments.ts'
import type { Exchange, Queue } from '../../model/topology.ts'
import { type Comparison, slot } from './comparison.ts'
import type { BreakingRule } from './breaking-rules.ts'
import { type BreakingFinding, breakingFinding } from './version.ts'

/** Finds vhosts, exchanges and queues that are removed or renamed, or that clients can no longer declare as before. */
export function compareObjects(comparison: Comparison): readonly BreakingFinding[] {
  const { old, current } = comparison
  const vhosts = new Map(current.topology.vhosts.map((each) => [each.name, each]))
  const removedVhosts = old.topology.vhosts.filter(({ name }) => !vhosts.has(name))
  return [
    ...removedVhosts.map((each) =>
      breakingFinding(
        'vhost-removed',
        'breaking',
        addressOf('vhost', each),
        'the vhost is removed with all its objects',
      ),
    ),
    ...old.topology.vhosts.flatMap(({ name, limits }) => vhostLimits(name, limits, vhosts.get(name)?.limits)),
    ...compareKind('exchange', comparison),
    ...compareKind('queue', comparison),
  ]
}

type Limits = { readonly maxConnections?: number; readonly maxQueues?: number } | undefined

function vhostLimits(name: string, old: Limits, current: Limits): readonly BreakingFinding[] {
  return (['maxConnections', 'maxQueues'] as const).flatMap((limit) => {
    const [before, after] = [old?.[limit], current?.[limit]]
    if (after === undefined || (before !== undefined && before <= after)) return []
    const reason = `${limit} is ${before === undefined ? `now ${after}` : `lowered from ${before} to ${after}`}`
    return [breakingFinding('vhost-limits', 'risky', address('vhost', name), reason, { part: limit })]
  })
}

const RULES = {
  queue: { removed: 'queue-removed', renamed: 'queue-renamed', redeclared: 'queue-redeclared', added: 'queue-added' },
  exchange: {
    removed: 'exchange-removed',
    renamed: 'exchange-renamed',
    redeclared: 'exchange-redeclared',
    added: 'exchange-added',
  },
} as const satisfies Record<string, Record<string, BreakingRule>>

function compareKind(kind: 'queue' | 'exchange', comparison: Comparison): readonly BreakingFinding[] {
  const rules = RULES[kind]
  const objects = (version: 'old' | 'current'): readonly (Queue | Exchange)[] =>
    kind === 'queue' ? comparison[version].topology.queues : comparison[version].topology.exchanges
  // Objects that another project declares after the change have moved there.
  const moved = comparison
    .othersIn('current')
    .flatMap((each): readonly (Queue | Exchange)[] => (kind === 'queue' ? each.queues : each.exchanges))
    .filter(({ external }) => external !== true)
  const currentByName = new Map([...moved, ...objects('current')].map((each) => [slot(each.vhost, each.name), each]))
  const oldNames = new Set(objects('old').map((each) => slot(each.vhost, each.name)))
  const vhosts = new Set(comparison.current.topology.vhosts.map(({ name }) => name))
  const renamed = kind === 'queue' ? comparison.renamedQueues : comparison.renamedExchanges
  const users = usersOf(kind, comparison)
  const findings: BreakingFinding[] = []
  for (const before of objects('old')) {
    const key = slot(before.vhost, before.name)
    const [after, successor] = [currentByName.get(key), renamed.get(key)]
    const at = address(kind, before.vhost, before.name)
    if (after !== undefined) {
      const changes = before.external === true || after.external === true ? [] : redeclared(kind, before, after)
      if (changes.length > 0) {
        const reason = `a client that declares it as before gets 406 PRECONDITION_FAILED: ${changes.join(', ')}`
        findings.push(breakingFinding(rules.redeclared, 'breaking', at, reason, located(after)))
      }
    } else if (successor !== undefined) {
      const reason = `its name is now ${JSON.stringify(successor.name)}, and clients that use the old name fail`
      findings.push(
        breakingFinding(rules.renamed, 'breaking', at, reason, { ...usedBy(users, key), ...located(successor) }),
      )
    } else if (before.external !== true && vhosts.has(before.vhost)) {
      const uses = users.get(key)
      const verb = kind === 'queue' ? 'consumes it' : 'publishes to it'
      const reason = `the ${kind} is removed, and ${uses === undefined ? `no declared route ${verb}` : `${[...uses].join(', ')} ${verb}`}`
      findings.push(
        breakingFinding(rules.removed, uses === undefined ? 'risky' : 'breaking', at, reason, usedBy(users, key)),
      )
    }
  }
  for (const after of objects('current')) {
    const isNew = !oldNames.has(slot(after.vhost, after.name)) && after.renamedFrom === undefined
    if (!isNew || after.external === true) continue
    findings.push(
      breakingFinding(rules.added, 'safe', address(kind, after.vhost, after.name), 'it is new', located(after)),
    )
  }
  return findings
}

function located({ origin }: Queue | Exchange): Pick<BreakingFinding, 'location'> {
  return origin === undefined ? {} : { location: origin }
}

function usedBy(users: ReadonlyMap<string, ReadonlySet<string>>, key: string): Pick<BreakingFinding, 'usedBy'> {
  const uses = users.get(key)
  return uses === undefined ? {} : { usedBy: [...uses] }
}

/**
 * The consumers of each queue and the publishers to each exchange, by the routes before the change and those of other
 * projects.
 */
function usersOf(kind: 'queue' | 'exchange', { old, others }: Comparison): ReadonlyMap<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>()
  const add = (vhost: string, name: string, user: string) => {
    const key = slot(vhost, name)
    users.set(key, (users.get(key) ?? new Set()).add(user))
  }
  for (const { project, routes } of [{ project: undefined, routes: old.routes }, ...others]) {
    const of = (name: string) => (project === undefined ? name : `${project} (${name})`)
    if (kind === 'queue') {
      for (const each of routes.subscriptions) {
        for (const queue of consumedQueues(each)) add(each.vhost, queue, of(each.name))
      }
    } else for (const each of routes.publications) add(each.vhost, each.exchange, of(each.name))
  }
  for (const { project, topology } of others) {
    for (const { vhost, source, destination, destinationType } of topology.bindings) {
      if (kind === 'exchange') add(vhost, source, `${project} (bindings)`)
      if (kind === destinationType) add(vhost, destination, `${project} (bindings)`)
    }
  }
  return users
}

/** The arguments that the broker compares: those without a meaning to it may differ. */
const COMPARED = {
  queue: (name: string) => queueArgument(name) !== undefined,
  exchange: (name: string) => name === 'alternate-exchange',
} as const

/**
 * Lists the properties that differ and that the broker compares when a client redeclares the object (rabbit_amqqueue,
 * rabbit_exchange: `assert_equivalence`).
 */
function redeclared(kind: 'queue' | 'exchange', before: Queue | Exchange, after: Queue | Exchange): readonly string[] {
  const change = (name: string, from: unknown, to: unknown) =>
    canonicalJson(from ?? null) === canonicalJson(to ?? null) ? [] : [`${name} ${shown(from)} → ${shown(to)}`]
  // A queue without a type gets the default type of its vhost.
  const types = before.type === undefined || after.type === undefined ? [] : change('type', before.type, after.type)
  const internal =
    'internal' in before && 'internal' in after ? change('internal', before.internal, after.internal) : []
  const names = new Set([...Object.keys(before.arguments), ...Object.keys(after.arguments)])
  const compared = [...names].filter((name) => COMPARED[kind](name))
  return [
    ...types,
    ...change('durable', before.durable, after.durable),
    ...change('autoDelete', before.autoDelete, after.autoDelete),
    ...internal,
    ...compared.toSorted().flatMap((name) => change(name, before.arguments[name], after.arguments[name])),
  ]
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : canonicalJson(value)
}
