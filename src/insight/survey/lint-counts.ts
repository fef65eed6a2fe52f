import type { Unread, UnknownPart } from '../../broker/snapshot/unknown.ts'
import { escapeName, kindOf } from '../../model/address.ts'
import { groupByKey } from '../../model/values/group-by-key.ts'

/** A finding of lint, as far as a survey counts it. */
export interface CountedFinding {
  readonly rule: string
  readonly severity: 'error' | 'warning'
  /** The page of the rule, from the root of the project. */
  readonly page: string
  readonly address?: string
}

/** The lint findings on a broker. */
export interface JudgedBroker {
  readonly findings: readonly CountedFinding[]
  /** How many findings the config accepts. */
  readonly ignored: number
  /** The version whose rules were used. */
  readonly version: string
}

/** How many findings there are, by rule. */
export interface LintCounts {
  readonly errors: number
  readonly warnings: number
  /** Errors first, then by number and rule. */
  readonly rules: readonly RuleCount[]
}

export interface RuleCount {
  readonly rule: string
  readonly severity: 'error' | 'warning'
  readonly count: number
  /** The page of the rule, from the root of the project. */
  readonly page: string
}

/** Findings of the whole broker: those of all vhosts whose findings are known, and those about users and the config. */
export interface BrokerLint extends Pick<LintCounts, 'errors' | 'warnings'> {
  readonly ignored: number
  readonly version: string
  /** Only the findings that belong to no vhost. */
  readonly rules: readonly RuleCount[]
  /** Whether the rules about rights were skipped, because users and their rights could not be read. */
  readonly rightsUnknown?: true
}

/** If one of these kinds is unknown, findings about the vhost would be wrong, such as a queue without bindings. */
const NEEDED: readonly UnknownPart[] = ['vhost', 'exchanges', 'queues', 'bindings', 'policies', 'operator-policies']

const RIGHTS: readonly UnknownPart[] = ['users', 'permissions']

const NOT_IN_VHOSTS: ReadonlySet<string | undefined> = new Set(['user', 'global-parameter', undefined])

/** Counts findings by vhost. A vhost that could not be read completely has no counts. */
export function countFindings(
  { findings, ignored, version }: JudgedBroker,
  vhosts: readonly string[],
  unknown: readonly Unread[],
): { readonly broker: BrokerLint; readonly vhosts: ReadonlyMap<string, LintCounts> } {
  const groups = groupByKey(findings, vhostOf)
  const known = readVhosts(vhosts, unknown)
  const counts = new Map(known.map((name) => [name, countsOf(groups.get(escapeName(name)) ?? [])]))
  const own = countsOf(groups.get(undefined) ?? [])
  const all = [own, ...counts.values()]
  const sum = (of: 'errors' | 'warnings') => all.reduce((total, each) => total + each[of], 0)
  return {
    broker: {
      version,
      errors: sum('errors'),
      warnings: sum('warnings'),
      ignored,
      rules: own.rules,
      ...(isUnread(unknown, RIGHTS) && { rightsUnknown: true as const }),
    },
    vhosts: counts,
  }
}

/**
 * Selects the findings of vhosts that were read completely, and of the whole broker: those that `countFindings` counts. The
 * others may be wrong.
 *
 * @returns the findings, and the vhosts whose findings are left out
 */
export function certainFindings<T extends CountedFinding>(
  findings: readonly T[],
  vhosts: readonly string[],
  unknown: readonly Unread[],
): { readonly findings: readonly T[]; readonly unread: readonly string[] } {
  const read = readVhosts(vhosts, unknown)
  const known = new Set<string | undefined>(read.map(escapeName))
  const unreadable = unknown.flatMap(({ what, vhost }) => (what === 'vhost' && vhost !== undefined ? [vhost] : []))
  const unread = new Set([...vhosts.filter((each) => !read.includes(each)), ...unreadable])
  return {
    findings: findings.filter((each) => {
      const vhost = vhostOf(each)
      return vhost === undefined || known.has(vhost)
    }),
    unread: [...unread].toSorted(),
  }
}

function readVhosts(vhosts: readonly string[], unknown: readonly Unread[]): readonly string[] {
  return vhosts.filter((name) => !isUnread(unknown, NEEDED, name))
}

/** The vhost of the object of a finding, escaped as in its address. */
function vhostOf({ address }: CountedFinding): string | undefined {
  if (address === undefined || NOT_IN_VHOSTS.has(kindOf(address))) return undefined
  return address.slice(address.indexOf(':') + 1).split('/')[0]
}

function isUnread(unknown: readonly Unread[], parts: readonly UnknownPart[], name?: string): boolean {
  return unknown.some(({ what, vhost }) => parts.includes(what) && (vhost === undefined || vhost === (name ?? vhost)))
}

function countsOf(findings: readonly CountedFinding[]): LintCounts {
  const rules = new Map<string, { rule: string; severity: CountedFinding['severity']; count: number; page: string }>()
  for (const { rule, severity, page } of findings) {
    const counted = rules.get(rule) ?? { rule, severity, count: 0, page }
    rules.set(rule, counted)
    counted.count += 1
  }
  const errors = findings.filter(({ severity }) => severity === 'error').length
  return {
    errors,
    warnings: findings.length - errors,
    rules: [...rules.values()].toSorted(
      (a, b) =>
        (a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1) ||
        b.count - a.count ||
        (a.rule < b.rule ? -1 : 1),
    ),
  }
}
