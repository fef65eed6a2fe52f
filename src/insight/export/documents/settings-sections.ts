import { addressOf } from '../../../model/address.ts'
import type { Parameter, Policy, Topology, VirtualHost } from '../../../model/topology.ts'
import type { CommentedEntry, CommentedValue } from '../../../desired/source/yaml/write-yaml.ts'
import { escapeReferences } from '../../../desired/source/references/named-text.ts'
import type { SecretReferences } from './secret-references.ts'
import { byKey, byName, section } from './sections.ts'

/** What one project declares in one virtual host. */
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

const PARAMETER_SECTIONS: Readonly<Record<string, string>> = {
  shovel: 'shovels',
  'federation-upstream': 'federationUpstreams',
  'federation-upstream-set': 'federationUpstreamSets',
}

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
  const sections = new Map<string, CommentedEntry[]>()
  const raw = new Map<string, CommentedEntry[]>()
  for (const { vhost, component, name, value } of byName(parameters)) {
    const own = Object.hasOwn(PARAMETER_SECTIONS, component) ? PARAMETER_SECTIONS[component] : undefined
    const [list, key] = own === undefined ? [raw, component] : [sections, own]
    const entry = {
      key: escapeReferences(name),
      value: secrets.written(value, [vhost, component, name]),
    }
    list.set(key, [...(list.get(key) ?? []), entry])
  }
  const components = Array.from(raw, ([component, entries]) => ({
    key: escapeReferences(component),
    value: { entries },
  }))
  return [
    ...section('parameters', byKey(components)),
    ...Array.from(sections, ([key, entries]) => ({ key, value: { entries } })),
  ]
}
