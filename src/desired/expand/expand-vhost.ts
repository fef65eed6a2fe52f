import type { DeadLetterRoute } from '../../model/routing/dead-letter-route.ts'
import type { Publication, Routes } from '../../model/routes.ts'
import type { Binding, DestinationType, Policy, Topology } from '../../model/topology.ts'
import { expandBindings, mergeBindings } from './objects/bindings.ts'
import type { VhostObjects } from './permissions/can.ts'
import { carryOver } from './failure/carry-over.ts'
import { reportCaptured } from './checks/captured.ts'
import { checkPolicies } from './checks/policies.ts'
import { checkGeneratedNames } from './checks/check-generated-names.ts'
import { checkRenames } from './checks/check-renames.ts'
import { reportLostDeadLetters } from './failure/dead-letter.ts'
import { warnOfDeadEnds } from './dead-ends.ts'
import { deadLetterRoutes } from './failure/dead-letter-routes.ts'
import { expandExchanges } from './objects/exchanges.ts'
import { expandFailurePath, type FailurePath } from './failure/failure-path.ts'
import { knownExchanges } from './checks/known-exchanges.ts'
import { mergeExchanges, mergeQueues } from './failure/merge-derived.ts'
import { expandGlobalParameters, expandParameters } from './objects/parameters.ts'
import { BindingsByKey } from './permissions/bindings-by-key.ts'
import { expandPermissions } from './permissions/permissions.ts'
import { expandPolicies } from './objects/policies.ts'
import { expandPublicationDelays } from './routes/publication-delays.ts'
import { expandPublications } from './routes/publications.ts'
import { expandQueues } from './objects/queues.ts'
import { expandRequests } from './routes/requests.ts'
import type { ExpandContext } from './expand-context.ts'
import { expandSubscriptions } from './routes/subscriptions.ts'
import { expandSharing } from './objects/partition-sharing.ts'
import { expandSuperStreams } from './objects/super-streams.ts'
import { expandVirtualHost, reportQueueLimit } from './objects/vhosts.ts'
import {
  warnOfClassicDelays,
  warnOfOverflow,
  warnOfPublications,
  warnOfSubscriptions,
  warnOfReturnRoutes,
} from './checks/warnings.ts'

/** The expanded documents of one vhost. Users are derived from all vhosts, so they are not included. */
export interface ExpandedVhost {
  readonly topology: Omit<Topology, 'users'>
  readonly routes: Routes
  readonly deadLetters: readonly DeadLetterRoute[]
}

/** Expands the documents of one vhost, and reports findings to the scope. */
export function expandVhost(scope: ExpandContext): ExpandedVhost {
  checkPolicies(scope, scope.vhost.policies)
  checkPolicies(scope, scope.vhost.operatorPolicies)
  const declaredPolicies = expandPolicies(scope, scope.vhost.policies)
  const operatorPolicies = expandPolicies(scope, scope.vhost.operatorPolicies)
  const objects = expandObjects(scope, declaredPolicies)
  const policies = [...declaredPolicies, ...objects.policies]
  const { permissions, topicPermissions } = expandPermissions(scope, objects)
  const subscriptions = [...objects.subscriptions.values()]
  const bindingsByKey = new BindingsByKey(objects.bindingsFrom)
  reportLostDeadLetters(scope, objects.failurePaths.keys(), objects.bindingsFrom)
  reportQueueLimit(scope, [...objects.queues.values()])
  warnOfSubscriptions(scope, subscriptions, objects.queues)
  warnOfOverflow(scope, objects.queues)
  warnOfPublications(scope, objects.publications.values(), objects.knownExchanges, bindingsByKey)
  warnOfDeadEnds(scope, { known: objects.knownExchanges, ...objects })
  warnOfClassicDelays(scope, objects.failurePaths.values(), objects.queues)
  warnOfReturnRoutes(scope, objects.knownExchanges, objects.failurePaths.values(), bindingsByKey)
  reportCaptured(scope, {
    queues: objects.queues.values(),
    exchanges: objects.exchanges.values(),
    declaredExchanges: new Set(Object.keys(scope.vhost.exchanges)),
    policies,
    operatorPolicies,
  })
  return {
    topology: {
      vhosts: [expandVirtualHost(scope.vhost)],
      exchanges: [...objects.exchanges.values()],
      queues: [...objects.queues.values()],
      bindings: objects.bindings,
      permissions,
      topicPermissions,
      policies,
      operatorPolicies,
      parameters: expandParameters(scope),
      globalParameters: expandGlobalParameters(scope),
    },
    routes: { publications: [...objects.publications.values()], subscriptions },
    deadLetters: deadLetterRoutes(objects.failurePaths.values(), objects.bindingsFrom),
  }
}

/** Results of expanding the queues of a vhost that only other steps than `can` need. */
interface AlsoMade {
  readonly bindings: readonly Binding[]
  /** The policies for queues with `deadLetter: { by: policy }`. */
  readonly policies: readonly Policy[]
}

function expandObjects(scope: ExpandContext, declaredPolicies: readonly Policy[]): VhostObjects & AlsoMade {
  checkRenames(scope)
  const known = knownExchanges(scope)
  const declared = expandQueues(scope)
  const paths = declared.flatMap((each) => expandFailurePath(scope, known, each) ?? [])
  const failurePaths = new Map<string, FailurePath>(paths.map((path) => [path.queue.name, path]))
  const complete = declared.map(({ queue }) => failurePaths.get(queue.name)?.queue ?? queue)
  const superStreams = expandSuperStreams(scope)
  const delays = expandPublicationDelays(scope)
  const sharing = expandSharing(scope, superStreams)
  const ownExchanges = [...expandExchanges(scope, known), ...superStreams.exchanges, ...delays.exchanges]
  const exchanges = mergeExchanges(scope, ownExchanges, paths)
  const ownQueues = [...complete, ...superStreams.queues, ...sharing.queues, ...delays.queues]
  const queues = mergeQueues(scope, ownQueues, paths)
  const policies = carryOver(scope, declaredPolicies, paths)
  checkGeneratedNames(scope, { queues, exchanges, policies })
  const destinations = { exchanges: known, queues }
  const derivedBindings = [...paths.flatMap(({ bindings }) => bindings), ...superStreams.bindings, ...delays.bindings]
  const bindings = mergeBindings(scope, known, expandBindings(scope, destinations), derivedBindings)
  const others = { partitions: superStreams.partitions, delays: delays.of }
  const publications = expandPublications(scope, destinations, others)
  const subscriptions = expandSubscriptions(scope, destinations, {
    paths: failurePaths,
    sharing: sharing.bySubscription,
  })
  return {
    knownExchanges: known,
    exchanges,
    queues,
    bindings,
    policies,
    ...indexed(bindings),
    failurePaths,
    publications: new Map<string, Publication>([
      ...publications,
      ...expandRequests(scope, destinations, { publications, subscriptions }),
    ]),
    subscriptions,
  }
}

function indexed(bindings: readonly Binding[]): Pick<VhostObjects, 'bindingsTo' | 'bindingsFrom'> {
  const to = new Map<string, Binding[]>()
  const from = new Map<string, Binding[]>()
  for (const binding of bindings) {
    append(to, `${binding.destinationType} ${binding.destination}`, binding)
    append(from, binding.source, binding)
  }
  return {
    bindingsTo: (type: DestinationType, name: string) => to.get(`${type} ${name}`) ?? [],
    bindingsFrom: (source: string) => from.get(source) ?? [],
  }
}

function append(index: Map<string, Binding[]>, key: string, binding: Binding): void {
  const there = index.get(key)
  if (there) there.push(binding)
  else index.set(key, [binding])
}
