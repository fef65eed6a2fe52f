import type { Declaration } from '../declaration/document.ts'
import { type Finding, finding } from '../../diagnostics/findings/finding.ts'
import type { Desired } from '../../model/desired.ts'
import type { GlobalParameter } from '../../model/topology.ts'
import { expandVhost } from './expand-vhost.ts'
import type { ReadSchema, Report } from './expand-context.ts'
import { sortDeadLetters, sortRoutes, sortTopology } from './values/sort.ts'
import { createSuggester } from './values/suggester.ts'
import { noteSecretValues } from './written-values.ts'
import { expandUsers } from './permissions/users.ts'

/**
 * Expands a declaration into the desired objects of the broker and the routes of programs. It makes defaults explicit
 * and derives the objects of `retry`, `deadLetter` and `can`, in an order that does not depend on that of the files.
 *
 * All findings are collected. If one is an error, the result may only be used to find more mistakes.
 */
export function expand(declaration: Declaration, readSchema: ReadSchema): { desired: Desired; findings: Finding[] } {
  const { project, handOver, descriptions, locate, secrets, written, references } = declaration
  const findings: Finding[] = []
  const report = (found: Finding): void => void findings.push(found)
  const suggest = createSuggester()
  const vhosts = declaration.vhosts.map((vhost) => expandVhost({ vhost, locate, written, report, readSchema, suggest }))
  const expanded = sortTopology({
    vhosts: vhosts.flatMap((each) => each.topology.vhosts),
    exchanges: vhosts.flatMap((each) => each.topology.exchanges),
    queues: vhosts.flatMap((each) => each.topology.queues),
    bindings: vhosts.flatMap((each) => each.topology.bindings),
    users: expandUsers(declaration.vhosts, locate, report),
    permissions: vhosts.flatMap((each) => each.topology.permissions),
    topicPermissions: vhosts.flatMap((each) => each.topology.topicPermissions),
    policies: vhosts.flatMap((each) => each.topology.policies),
    operatorPolicies: vhosts.flatMap((each) => each.topology.operatorPolicies),
    parameters: vhosts.flatMap((each) => each.topology.parameters),
    globalParameters: uniqueGlobalParameters(
      vhosts.flatMap((each) => each.topology.globalParameters),
      report,
    ),
  })
  const topology = noteSecretValues(expanded, references)
  const routes = sortRoutes({
    publications: vhosts.flatMap((each) => each.routes.publications),
    subscriptions: vhosts.flatMap((each) => each.routes.subscriptions),
  })
  const deadLetters = sortDeadLetters(vhosts.flatMap((each) => each.deadLetters))
  const parts = { ...(handOver && { handOver }), ...(descriptions && { descriptions }) }
  return { desired: { project, topology, routes, deadLetters, ...parts, secrets }, findings }
}

/** A global parameter belongs to the whole broker, so documents of two vhosts cannot both declare it. */
function uniqueGlobalParameters(all: readonly GlobalParameter[], report: Report): GlobalParameter[] {
  const byName = new Map<string, GlobalParameter>()
  for (const parameter of all) {
    const first = byName.get(parameter.name)
    if (first === undefined) byName.set(parameter.name, parameter)
    else {
      const related = first.origin ? [{ label: 'declared first', location: first.origin }] : []
      report(finding('global-parameter-twice', { name: parameter.name }, parameter.origin, related))
    }
  }
  return [...byName.values()]
}
