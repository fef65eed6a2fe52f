import { addressOf } from '../../model/address.ts'
import { winnersOf } from '../../model/policies/winning-policies.ts'
import { type Exchange, type Kind, KINDS, objectsOf, type Topology } from '../../model/topology.ts'
import { byVhost } from '../../broker/snapshot/by-vhost.ts'
import type { CommentedEntry, CommentedTable } from '../../desired/source/yaml/commented.ts'
import { escapeReferences } from '../../desired/source/references/named-text.ts'
import { documentOf } from './documents/document.ts'
import { policyComments } from './documents/policy-comments.ts'
import { type ReferencedSecret, SecretReferences } from './documents/secret-references.ts'
import type { ExportChoices, ExportDecisions, ExportInput, LeftOut } from './export-input.ts'
import { type FoldedPath, foldFailurePath } from './fold/fold-failure-path.ts'
import { type FoldedSuperStream, foldSuperStream } from './fold/fold-super-streams.ts'
import { type ForeignDelay, foreignDelayComment, foreignDelays } from './fold/foreign-ladders.ts'
import { DistinctNames } from './layout/file-names.ts'
import { ProjectNames } from './layout/project-names.ts'
import { Projects } from './layout/projects.ts'
import { leaveOut } from './left-out.ts'
import { VhostLookup } from './topology-lookup.ts'

/** An existing topology as documents. */
export interface Exported {
  /** One for each project and virtual host, sorted by path. */
  readonly documents: readonly ExportedDocument[]
  readonly leftOut: readonly LeftOut[]
  /** Addresses of queues and super streams that are written in warren's short forms, sorted. */
  readonly folded: readonly string[]
  /** The short form that declares an object, by its address. */
  readonly foldedInto: ReadonlyMap<string, string>
  /** Delay queues that no short form can express. */
  readonly foreignDelays: readonly ForeignDelay[]
  /** The variables for credentials in the documents. */
  readonly secrets: readonly ReferencedSecret[]
  /** The variables for password hashes in the documents. */
  readonly hashes: readonly ReferencedSecret[]
  /** Addresses of everything that the documents declare, without external objects. */
  readonly declared: ReadonlySet<string>
}

export interface ExportedDocument {
  /** Relative to the folder of the export, with slashes. */
  readonly path: string
  readonly project: string
  readonly vhost: string
  readonly table: CommentedTable
}

/**
 * Turns an existing topology into documents that declare it. The same input always gives the same documents.
 *
 * @param decisions results of earlier attempts. Default: nothing
 */
export function exportTopology(
  input: ExportInput,
  choices: ExportChoices,
  decisions: ExportDecisions = { undeclarable: new Map(), unfolded: new Set() },
): Exported {
  const kept = leaveOut(input, choices, decisions)
  const vhosts = kept.topology.vhosts.map(({ name }) => name).toSorted()
  const names = new ProjectNames(vhosts, choices.singleProject)
  const projects = new Projects(kept.topology, { input, choices, names, vhosts })
  const variables = new DistinctNames([], '_')
  const secrets = new SecretReferences(variables)
  const hashes = new SecretReferences(variables)
  const topologies = byVhost(kept.topology, vhosts)
  const external = externalExchanges(input.topology, kept.external)
  const isProtected = (address: string): boolean => input.owners.get(address)?.protected === true
  const documents: ExportedDocument[] = []
  const folded: string[] = []
  const foldedInto = new Map<string, string>()
  const delays: ForeignDelay[] = []
  for (const vhost of kept.topology.vhosts.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const topology = topologies.get(vhost.name)
    if (topology === undefined) continue
    const lookup = new VhostLookup(vhost.name, topology)
    const folds = new Folds(lookup, choices, decisions, (one, other) => {
      return projects.of(one) === projects.of(other) && isProtected(one) === isProtected(other)
    })
    const foreign = foreignDelays(lookup, folds.derived)
    delays.push(...foreign)
    folded.push(...folds.folded)
    for (const [part, short] of folds.foldedInto) foldedInto.set(part, short)
    const context = {
      lookup,
      external: external.get(vhost.name) ?? new Map<string, Exchange>(),
      folds: folds.paths,
      superStreams: folds.superStreams,
      derived: folds.derived,
      isProtected,
      comments: commentsOf(topology, { foreign, version: input.version, derived: folds.derived }),
      exchangeComments: publisherComments(vhost.name, input),
      subscriptions: choices.inferRoutes === true ? guessedSubscriptions(vhost.name, input) : new Map(),
      secrets,
    }
    for (const part of projects.partsOf(vhost, choices.passwordHashes === true ? hashes : undefined)) {
      const path = names.pathOf(part.project, vhost.name)
      documents.push({ path, project: part.project, vhost: vhost.name, table: documentOf(part, context) })
    }
  }
  return {
    documents: documents.toSorted((one, other) => (one.path < other.path ? -1 : 1)),
    leftOut: kept.leftOut,
    folded: folded.toSorted(),
    foldedInto,
    foreignDelays: delays,
    secrets: secrets.secrets,
    hashes: hashes.secrets,
    declared: new Set(addressesOf(kept.topology)),
  }
}

/** The short forms of one virtual host. */
class Folds {
  readonly paths = new Map<string, FoldedPath>()
  readonly superStreams = new Map<string, FoldedSuperStream>()
  readonly derived = new Set<string>()
  readonly folded: string[] = []
  readonly foldedInto = new Map<string, string>()

  constructor(
    lookup: VhostLookup,
    { fold = true }: ExportChoices,
    { unfolded }: ExportDecisions,
    isTogether: (one: string, other: string) => boolean,
  ) {
    if (!fold) return
    for (const queue of lookup.queues.values()) {
      const at = addressOf('queue', queue)
      const path = unfolded.has(at) ? undefined : foldFailurePath(queue, lookup, isTogether)
      if (path) this.#add(at, path.derived, () => this.paths.set(queue.name, path))
    }
    for (const exchange of lookup.exchanges.values()) {
      const at = addressOf('exchange', exchange)
      const found = unfolded.has(at) ? undefined : foldSuperStream(exchange, lookup, isTogether)
      if (found) this.#add(at, found.derived, () => this.superStreams.set(exchange.name, found))
    }
  }

  #add(at: string, derived: ReadonlySet<string>, add: () => void): void {
    add()
    this.folded.push(at)
    for (const each of derived) {
      this.derived.add(each)
      this.foldedInto.set(each, at)
    }
  }
}

interface CommentsContext {
  readonly foreign: readonly ForeignDelay[]
  readonly version: string
  readonly derived: ReadonlySet<string>
}

function commentsOf(
  topology: Topology,
  { foreign, version, derived }: CommentsContext,
): ReadonlyMap<string, readonly string[]> {
  const winners = winnersOf(topology, version === '' ? undefined : version)
  const delays = new Map(foreign.map((each) => [each.queue, foreignDelayComment(each)]))
  return new Map(
    topology.queues.map((queue) => {
      const delay = delays.get(queue.name)
      return [queue.name, [...(delay === undefined ? [] : [delay]), ...policyComments(queue, winners, derived)]]
    }),
  )
}

/** Infers one subscription for each queue that has consumers. */
function guessedSubscriptions(vhost: string, { consumers }: ExportInput): ReadonlyMap<string, CommentedEntry> {
  const users = new Map<string, Set<string>>()
  for (const each of consumers) {
    if (each.vhost !== vhost) continue
    const known = users.get(each.queue) ?? new Set()
    users.set(each.queue, known)
    if (each.user !== undefined) known.add(each.user)
  }
  return new Map(
    Array.from(users, ([queue, names]) => {
      const by = [...names].toSorted().map((each) => JSON.stringify(each))
      const comment = `A guess: a consumer was connected${by.length === 0 ? '' : ` as ${by.join(', ')}`}.`
      const name = escapeReferences(queue)
      return [queue, { key: name, value: { entries: [{ key: 'queue', value: name }] }, comment }]
    }),
  )
}

/** A line for each exchange to which users publish now. A broker does not know their routing keys. */
function publisherComments(vhost: string, { publishers = [] }: ExportInput): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>()
  for (const each of publishers) {
    if (each.vhost === vhost) users.set(each.exchange, [...(users.get(each.exchange) ?? []), JSON.stringify(each.user)])
  }
  return new Map(Array.from(users, ([exchange, names]) => [exchange, [`Published to by ${names.join(', ')}.`]]))
}

function externalExchanges(
  { exchanges }: Topology,
  external: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlyMap<string, Exchange>> {
  const found = new Map<string, Map<string, Exchange>>()
  for (const each of exchanges) {
    if (!external.has(addressOf('exchange', each))) continue
    const inVhost = found.get(each.vhost) ?? new Map<string, Exchange>()
    found.set(each.vhost, inVhost.set(each.name, each))
  }
  return found
}

/** The addresses of all objects of a topology. */
export function addressesOf(topology: Topology): string[] {
  const ofKind = <K extends Kind>(kind: K) => objectsOf(kind, topology).map((each) => addressOf(kind, each))
  return KINDS.flatMap((kind) => ofKind(kind))
}
