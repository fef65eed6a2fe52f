import { addressOf } from '../../../model/address.ts'
import { groupByKey } from '../../../model/values/group-by-key.ts'
import type { Parameter, Policy, Topology, VirtualHost } from '../../../model/topology.ts'
import type { CommentedEntry, CommentedValue } from '../../../desired/source/yaml/commented.ts'
import { escapeReferences } from '../../../desired/source/references/named-text.ts'
import type { SecretReferences } from './secret-references.ts'
import { byKey, byName, section } from './sections.ts'

/** The declarations of one project in one virtual host. */
interface VhostPart {
  readonly vhost: VirtualHost
  readonly objects: Topology
}

interface SettingsContext {
  readonly secrets: SecretReferences
  readonly isProtected: (address: string) => boolean
  /** Addresses of objects that short forms declare. */
  readonly derived: ReadonlySet<string>
}

/** The sections of components that have one of their own. */
const PARAMETER_SECTIONS: ReadonlyMap<string, string> = new Map([
  ['shovel', 'shovels'],
  ['federation-upstream', 'federationUpstreams'],
  ['federation-upstream-set', 'federationUpstreamSets'],
])

/** The value of `vhost`: its name, or a table if the document declares it. */
export function vhostValue(
  { vhost: { name: vhostName }, objects }: VhostPart,
  secrets: SecretReferences,
): CommentedValue {
  const [vhost] = objects.vhosts
  const name = escapeReferences(vhostName)
  if (vhost === undefined) return name
  const { description = '', tags = [], defaultQueueType, limits = {}, protect } = vhost
  const table = Object.entries(limits).map(([key, value]) => ({ key, value: value as number }))
  return {
    entries: [
      { key: 'name', value: name },
      ...(description === ''
        ? []
        : [{ key: 'description', value: secrets.written(description, ['', 'vhost', vhost.name]) }]),
      ...(tags.length === 0 ? [] : [{ key: 'tags', value: tags.map(escapeReferences) }]),
      ...(defaultQueueType === undefined ? [] : [{ key: 'defaultQueueType', value: defaultQueueType }]),
      ...(table.length === 0 ? [] : [{ key: 'limits', value: { entries: table } }]),
      ...(protect === true ? [{ key: 'protect', value: true }] : []),
    ],
  }
}

/** The sections of policies, operator policies, parameters and global parameters. */
export function settingsSections(objects: Topology, context: SettingsContext): CommentedEntry[] {
  const { secrets, derived } = context
  return [
    ...section(
      'policies',
      byName(objects.policies)
        .filter((each) => !derived.has(addressOf('policy', each)))
        .map((each) => policyEntry('policy', each, context)),
    ),
    ...section(
      'operatorPolicies',
      byName(objects.operatorPolicies).map((each) => policyEntry('operator-policy', each, context)),
    ),
    ...parameterSections(objects.parameters, secrets),
    ...section(
      'globalParameters',
      byName(objects.globalParameters).map(({ name, value }) => ({
        key: escapeReferences(name),
        value: secrets.written(value, ['', 'global', name]),
      })),
    ),
  ]
}

function policyEntry(
  kind: 'policy' | 'operator-policy',
  policy: Policy,
  { secrets, isProtected }: SettingsContext,
): CommentedEntry {
  const { name, pattern, applyTo, priority, definition } = policy
  const entries = [
    { key: 'pattern', value: escapeReferences(pattern) },
    ...(applyTo === 'all' ? [] : [{ key: 'applyTo', value: applyTo }]),
    ...(priority === 0 ? [] : [{ key: 'priority', value: priority }]),
    { key: 'definition', value: secrets.written(definition, [policy.vhost, kind, name]) },
    ...(isProtected(addressOf(kind, policy)) ? [{ key: 'protect', value: true }] : []),
  ]
  return { key: escapeReferences(name), value: { entries } }
}

function parameterSections(parameters: readonly Parameter[], secrets: SecretReferences): CommentedEntry[] {
  const written = byName(parameters).map(({ vhost, component, name, value }) => ({
    component,
    entry: { key: escapeReferences(name), value: secrets.written(value, [vhost, component, name]) },
  }))
  const raw: CommentedEntry[] = []
  const sections: CommentedEntry[] = []
  for (const [component, own] of groupByKey(written, (each) => each.component)) {
    const title = PARAMETER_SECTIONS.get(component)
    const value = { entries: own.map(({ entry }) => entry) }
    if (title === undefined) raw.push({ key: escapeReferences(component), value })
    else sections.push({ key: title, value })
  }
  return [...section('parameters', byKey(raw)), ...sections]
}
