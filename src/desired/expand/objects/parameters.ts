import { isReservedParameterName } from '../../../model/generated-names.ts'
import type { JsonValue, Section, Written } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import { maskCredentials } from '../../../model/secrets/mask-credentials.ts'
import type { GlobalParameter, Parameter } from '../../../model/topology.ts'
import { checkComponent, checkParameters } from '../checks/parameters.ts'
import type { ExpandContext } from '../expand-context.ts'
import { writtenAt } from '../written-values.ts'

/** The sections for parameters of a fixed component. */
const COMPONENTS = {
  shovels: 'shovel',
  federationUpstreams: 'federation-upstream',
  federationUpstreamSets: 'federation-upstream-set',
} as const

/**
 * Components that the broker lists among the parameters but manages through other endpoints
 * (rabbit_mgmt_wm_parameters): it refuses parameters of them, or accepts them without showing them.
 */
const KEPT_ELSEWHERE: Readonly<Record<string, string>> = {
  policy: 'policies',
  operator_policy: 'operatorPolicies',
  'vhost-limits': 'vhost: { name: ..., limits: ... }',
  'user-limits': 'users: { NAME: { limits: ... } }',
}

/** Makes the parameters of a vhost: raw ones, shovels, and those of federation. */
export function expandParameters(scope: ExpandContext): Parameter[] {
  const { vhost } = scope
  for (const component of Object.keys(vhost.parameters)) {
    if (!Object.hasOwn(KEPT_ELSEWHERE, component)) {
      checkComponent(scope, component)
      continue
    }
    const args = { component, section: String(KEPT_ELSEWHERE[component]) }
    scope.report(finding('parameter-kept-elsewhere', args, scope.locate(vhost.parameters, component)))
  }
  const raw = Object.entries(vhost.parameters).flatMap(([component, section]) => ofComponent(scope, component, section))
  const named = (['shovels', 'federationUpstreams', 'federationUpstreamSets'] as const).flatMap((section) =>
    ofComponent(scope, COMPONENTS[section], vhost[section]),
  )
  const byName = new Map<string, Parameter>()
  for (const parameter of [...raw, ...named]) {
    const key = JSON.stringify([parameter.component, parameter.name])
    const first = byName.get(key)
    if (first === undefined) byName.set(key, parameter)
    else reportTwice(scope, parameter, first)
  }
  return [...byName.values()]
}

/** Makes the global parameters that the documents of a vhost declare. */
export function expandGlobalParameters({ vhost, locate, written, report }: ExpandContext): GlobalParameter[] {
  for (const name of Object.keys(vhost.globalParameters)) {
    if (isReservedParameterName(name))
      report(finding('reserved-parameter', { name }, locate(vhost.globalParameters, name)))
  }
  return Object.entries(vhost.globalParameters).map(([name, value]) => ({
    name,
    value: maskCredentials(value),
    ...referencesIn(vhost.globalParameters, name, written),
    origin: locate(vhost.globalParameters, name),
    declaredIn: [vhost.name],
  }))
}

function ofComponent(scope: ExpandContext, component: string, section: Section<JsonValue>): Parameter[] {
  const { vhost, locate, written } = scope
  checkParameters(scope, component, section)
  return Object.entries(section).map(([name, value]) => ({
    vhost: vhost.name,
    component,
    name,
    value: maskCredentials(value),
    ...referencesIn(section, name, written),
    origin: locate(section, name),
  }))
}

function referencesIn(section: object, name: string, written: Written): Pick<Parameter, 'references'> {
  const references = writtenAt(section, name, ['value'], written, false)
  return references.length === 0 ? {} : { references }
}

function reportTwice({ report }: ExpandContext, { component, name, origin }: Parameter, first: Parameter): void {
  const related = first.origin ? [{ label: 'declared first', location: first.origin }] : []
  report(finding('parameter-twice', { component, name }, origin, related))
}
