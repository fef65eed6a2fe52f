import { locationOf } from '../source/places.ts'
import { isTable, newTable, type Table, type Tree } from '../source/tree.ts'
import type { Declaration, VhostDeclaration } from './document.ts'
import type { Run } from './run.ts'
import type { VhostTree } from './merge/vhost-tree.ts'

/** Converts the merged and checked documents to a declaration. */
export function declarationOf(
  trees: readonly VhostTree[],
  project: string,
  users: 'check' | 'ignore',
  run: Run,
): Declaration {
  return {
    project,
    vhosts: trees.map((tree) => vhostDeclaration(tree, users, run)),
    locate: run.places.locate,
    secrets: run.references.secrets,
    written: (container, key) => run.references.resolved(container, key)?.reference,
    references: run.references.texts,
  }
}

function vhostDeclaration({ name, origin, root }: VhostTree, users: 'check' | 'ignore', run: Run): VhostDeclaration {
  const claim = root['vhost']
  const own = run.places.own(root)
  const empty = <T extends Tree & object>(container: T): T => {
    run.places.recordSpots(container, own, new Map())
    return container
  }
  const section = (key: string): Table => (isTable(root[key]) ? root[key] : empty(newTable()))
  const withSecrets = (key: string): Table => (users === 'ignore' ? empty(newTable()) : section(key))
  const declaration = {
    name,
    origin: locationOf(origin),
    ...(isTable(claim) && { claim }),
    exchanges: section('exchanges'),
    queues: section('queues'),
    bindings: Array.isArray(root['bindings']) ? root['bindings'] : empty([]),
    users: withSecrets('users'),
    publications: section('publications'),
    requests: section('requests'),
    subscriptions: section('subscriptions'),
    policies: section('policies'),
    operatorPolicies: section('operatorPolicies'),
    // Like users, these are not needed by programs, which may not have the values of their references.
    parameters: withSecrets('parameters'),
    globalParameters: withSecrets('globalParameters'),
    shovels: withSecrets('shovels'),
    federationUpstreams: withSecrets('federationUpstreams'),
    federationUpstreamSets: section('federationUpstreamSets'),
    superStreams: section('superStreams'),
  }
  run.places.recordSpots(declaration, own, run.places.spots(root))
  // The schema check has verified the types; test/desired/declaration/schema/schema.test.ts keeps both in agreement.
  return declaration as unknown as VhostDeclaration
}
