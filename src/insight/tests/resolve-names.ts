import type { DeclaredTest, Named, PublishTarget } from '../../desired/tests/declared-test.ts'
import { finding, type Finding } from '../../diagnostics/findings/finding.ts'
import { suggest } from '../../diagnostics/text/suggest.ts'
import type { Publication } from '../../model/routes.ts'
import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'

/** A test with the virtual host that its names refer to. */
export interface ResolvedTest {
  readonly test: DeclaredTest
  readonly vhost: RoutedVhost
}

/** The kinds of objects that a test can name, with their names in a virtual host. */
const NAMES = {
  publication: ({ routes }) => routes.publications.map(({ name }) => name),
  subscription: ({ routes }) => routes.subscriptions.map(({ name }) => name),
  exchange: ({ topology }) => topology.exchanges.map(({ name }) => name),
  queue: ({ topology }) => topology.queues.map(({ name }) => name),
  user: ({ topology }) => topology.permissions.map(({ user }) => user),
} as const satisfies Readonly<Record<string, (vhost: RoutedVhost) => readonly string[]>>

type Kind = keyof typeof NAMES

/** Resolves the names of tests in virtual hosts. A name that does not exist becomes a finding at its position. */
export class NameResolver {
  readonly findings: Finding[] = []
  readonly #vhosts: readonly RoutedVhost[]
  readonly #names = new Map<string, ReadonlySet<string>>()

  constructor(vhosts: readonly RoutedVhost[]) {
    this.#vhosts = vhosts
  }

  /** @returns undefined if a name does not exist */
  resolve(test: DeclaredTest): ResolvedTest | undefined {
    const before = this.findings.length
    const vhost = this.#vhostOf(test)
    if (vhost !== undefined) this.#checkOthers(test, vhost)
    return vhost === undefined || this.findings.length > before ? undefined : { test, vhost }
  }

  #vhostOf({ subject }: DeclaredTest): RoutedVhost | undefined {
    const candidates = subject.vhost === undefined ? this.#vhosts : this.#named(subject.vhost)
    if (candidates.length === 0) return undefined
    switch (subject.kind) {
      case 'publish':
        return 'publication' in subject.to
          ? this.#only('publication', subject.to.publication, candidates)
          : this.#only('exchange', subject.to.exchange, candidates)
      case 'fail':
        return this.#only('subscription', subject.subscription, candidates)
      case 'expire':
        return this.#only('queue', subject.queue, candidates)
      case 'user':
        return this.#only('user', subject.user, candidates)
    }
  }

  #named({ name, location }: Named): readonly RoutedVhost[] {
    const found = this.#vhosts.filter((each) => each.name === name)
    if (found.length === 0) {
      const names = this.#vhosts.map((each) => each.name)
      this.#unknown('vhost', { name, location }, names)
    }
    return found
  }

  #only(kind: Kind, named: Named, candidates: readonly RoutedVhost[]): RoutedVhost | undefined {
    const found = candidates.filter((vhost) => this.#has(kind, named.name, vhost))
    const [first, ...others] = found
    if (first === undefined) {
      this.#unknown(
        kind,
        named,
        candidates.flatMap((each) => NAMES[kind](each)),
      )
      return undefined
    }
    if (others.length === 0) return first
    const vhosts = found.map(({ name }) => name)
    this.findings.push(finding('test-name-ambiguous', { kind, name: named.name, vhosts }, named.location))
    return undefined
  }

  #checkOthers({ subject, expectation }: DeclaredTest, vhost: RoutedVhost): void {
    if (subject.kind === 'publish' && 'publication' in subject.to) this.#checkParameters(subject.to, vhost)
    if ('queues' in expectation) for (const queue of expectation.queues) this.#require('queue', queue, vhost)
    if (expectation.kind !== 'rights') return
    for (const { publish, consume } of [expectation.can, expectation.cannot]) {
      for (const each of publish) this.#require('publication', each, vhost)
      for (const each of consume) this.#require('subscription', each, vhost)
    }
  }

  #checkParameters(to: Extract<PublishTarget, { publication: Named }>, vhost: RoutedVhost): void {
    const publication = publicationIn(vhost, to.publication.name)
    const { location } = to.publication
    const report = (name: string, problem: 'missing' | 'unknown' | 'word') => {
      this.findings.push(finding('test-parameter', { publication: to.publication.name, name, problem }, location))
    }
    for (const each of publication?.parameters ?? []) if (!Object.hasOwn(to.parameters, each)) report(each, 'missing')
    for (const [name, value] of Object.entries(to.parameters)) {
      if (publication?.parameters.includes(name) !== true) report(name, 'unknown')
      else if (value === '' || value.includes('.')) report(name, 'word')
    }
  }

  #require(kind: Kind, named: Named, vhost: RoutedVhost): void {
    if (!this.#has(kind, named.name, vhost)) this.#unknown(kind, named, NAMES[kind](vhost))
  }

  #has(kind: Kind, name: string, vhost: RoutedVhost): boolean {
    if (kind === 'exchange' && (isBuiltInExchange(name) || name === '')) {
      return name === '' || vhost.model.exchange(name) !== undefined
    }
    const key = `${kind} ${vhost.name}`
    const names = this.#names.get(key) ?? new Set(NAMES[kind](vhost))
    this.#names.set(key, names)
    return names.has(name)
  }

  #unknown(kind: string, { name, location }: Named, known: readonly string[]): void {
    const suggestion = suggest(name, known)
    this.findings.push(
      finding('test-name-unknown', { kind, name, ...(suggestion !== undefined && { suggestion }) }, location),
    )
  }
}

/** The publication of a virtual host with a name. */
export function publicationIn({ routes }: RoutedVhost, name: string): Publication | undefined {
  return routes.publications.find((each) => each.name === name)
}
