import { type Finding, finding } from '../../diagnostics/findings/finding.ts'
import type { ReceivedPolicy } from '../management/answers/received.ts'
import { isAtLeast } from '../../model/broker-version.ts'
import { address } from '../../model/address.ts'
import { EXCHANGES_OF_EVERY_VHOST } from '../../model/built-in-exchange.ts'
import { type Exchange, KINDS, type Topology, type VirtualHost } from '../../model/topology.ts'
import type { NotExported } from '../../model/not-exported.ts'
import { checkDefinitions, type DefinitionsFile, type ExportedVhost } from './check-definitions.ts'
import type { Live, Records } from './live.ts'
import { normalizeDefinitions } from './normalize-definitions.ts'
import { liveTopology, liveVhost } from './normalize.ts'
import { recordsIn } from './records-in.ts'

/** The content of a definitions file, and the broker that exported it. */
export interface ReadDefinitions {
  readonly live: Live
  /**
   * Warren's records among the global parameters; absent if the file does not contain global parameters. A plan
   * against a file does not use them.
   */
  readonly records?: Records
  /** The data that the file does not contain, because of the version of its broker and the scope of the export. */
  readonly notExported: readonly NotExported[]
}

/**
 * Reads the response of `GET /api/definitions`, or that of one virtual host, or a part of it.
 *
 * @param value the parsed JSON
 * @param from the shown path of the file, and the virtual hosts of the run, because the file of one virtual host may
 *   not contain its name. None: all virtual hosts of the file
 */
export function readDefinitions(
  value: unknown,
  from: { readonly path: string; readonly vhosts: readonly string[] },
): ReadDefinitions | { readonly finding: Finding } {
  const checked = checkDefinitions(normalizeDefinitions(value))
  if ('problem' in checked) {
    return { finding: finding('definitions-not-exported', { path: from.path, problem: checked.problem }) }
  }
  const { file } = checked
  if (file.vhosts !== undefined) return withoutStrays(file, from.path) ?? read(file, allVhosts(file), undefined)
  const objects = objectsIn(file)
  // In every export of one virtual host, the parameters contain its name. If other objects contain one, the export
  // has several virtual hosts.
  const named = new Set(objects.flatMap(({ vhost }) => vhost ?? []))
  if (named.size > 0 && objects.every(({ vhost }) => vhost !== undefined)) {
    return read(
      file,
      [...new Set([...named, ...from.vhosts])].map((name) => ({ name })),
      undefined,
    )
  }
  const [own, ...others] = from.vhosts
  // Before RabbitMQ 4.0.5 only the parameters name the virtual host, if there are any.
  const exported = file.original_vhost_name ?? file.parameters?.[0]?.vhost
  const vhost = exported ?? own
  if (vhost === undefined && own === undefined) {
    return { finding: finding('definitions-without-vhost', { path: from.path }) }
  }
  if (vhost === undefined || others.length > 0 || vhost !== (own ?? vhost)) {
    const args = { path: from.path, declared: from.vhosts, ...(exported !== undefined && { exported }) }
    return { finding: finding('definitions-of-one-vhost', args) }
  }
  const { metadata, limits } = file
  return read(file, [{ name: vhost, ...(metadata && { metadata }), ...(limits && { limits }) }], vhost)
}

/** The objects of virtual hosts. */
function objectsIn({ exchanges = [], queues = [], bindings = [], policies = [] }: DefinitionsFile) {
  return [...exchanges, ...queues, ...bindings, ...policies]
}

/**
 * The listed virtual hosts, and those that only objects name, because an import adds such objects to existing virtual
 * hosts.
 */
function allVhosts(file: DefinitionsFile): readonly ExportedVhost[] {
  const { vhosts = [], permissions = [], topic_permissions = [], parameters = [] } = file
  const listed = new Set(vhosts.map(({ name }) => name))
  const named = [...objectsIn(file), ...permissions, ...topic_permissions, ...parameters].flatMap(
    ({ vhost }) => vhost ?? [],
  )
  return [...vhosts, ...[...new Set(named)].filter((name) => !listed.has(name)).map((name) => ({ name }))]
}

/** In a file of the whole broker, every object names its virtual host. */
function withoutStrays(file: DefinitionsFile, path: string): { readonly finding: Finding } | undefined {
  const stray = [...objectsIn(file), ...(file.parameters ?? [])].find(({ vhost }) => vhost === undefined)
  if (stray === undefined) return undefined
  const what = 'name' in stray ? stray.name : `the binding to ${stray.destination}`
  return { finding: finding('definitions-not-exported', { path, problem: `${JSON.stringify(what)} names no vhost` }) }
}

function read(file: DefinitionsFile, vhosts: readonly ExportedVhost[], only: string | undefined): ReadDefinitions {
  const inVhost = <T extends { readonly vhost?: string }>(object: T): T & { readonly vhost: string } => ({
    ...object,
    vhost: only ?? String(object.vhost),
  })
  const queues = (file.queues ?? []).map(inVhost)
  const isForeign = ({ name }: { readonly name: string }) => name.startsWith('amq.')
  const parameters = (file.parameters ?? []).map(inVhost)
  const limitsOf = ({ name, limits }: ExportedVhost) =>
    limits ??
    (parameters.find(({ vhost, component }) => vhost === name && component === 'vhost-limits')?.value as
      | ExportedVhost['limits']
      | undefined)
  const objects = liveTopology(
    vhosts.map((vhost) => exportedVhost(vhost, limitsOf(vhost), versionOf(file))),
    {
      exchanges: (file.exchanges ?? []).map((each) => ({ internal: false, ...inVhost(each) })),
      queues: queues.filter((queue) => !isForeign(queue)),
      bindings: (file.bindings ?? []).map((each) => ({ ...inVhost(each), properties_key: '' })),
      users: (file.users ?? []).map((user) => ({ password_hash: '', ...user })),
      permissions: file.permissions ?? [],
      topicPermissions: file.topic_permissions ?? [],
      policies: (file.policies ?? []).map(inVhost),
      operatorPolicies: parameters
        .filter(({ component }) => component === 'operator_policy')
        .map(({ vhost, name, value }) => ({ ...(value as Omit<ReceivedPolicy, 'vhost' | 'name'>), vhost, name })),
      parameters,
      globalParameters: file.global_parameters ?? [],
    },
  )
  const exchanges = [...vhosts.flatMap(({ name }) => builtIn(name)), ...objects.exchanges]
  return {
    live: liveOf(file, { ...objects, exchanges }, queues.filter(isForeign)),
    ...(file.global_parameters && { records: recordsIn(file.global_parameters) }),
    notExported: notExportedBy(file, vhosts),
  }
}

/** Release notes of 4.0.6: virtual hosts can be protected from deletion. */
const PROTECTION_SINCE = '4.0.6'

/** Leaves out properties that the file does not contain. Otherwise the vhost would seem to have empty ones. */
function exportedVhost(
  { name, metadata }: ExportedVhost,
  limits: ExportedVhost['limits'],
  version: string,
): VirtualHost {
  // A vhost that was never protected is exported without the flag.
  const flag = isAtLeast(version, PROTECTION_SINCE) && { protected_from_deletion: false }
  const vhost = liveVhost({ name, ...flag, ...metadata }, limits)
  if (metadata !== undefined) return vhost
  const { description: _description, tags: _tags, ...exported } = vhost
  return exported
}

function liveOf(file: DefinitionsFile, topology: Topology, foreign: readonly { vhost: string; name: string }[]): Live {
  return {
    broker: {
      name: file.original_cluster_name ?? '',
      version: versionOf(file),
      url: '',
      exchangeTypes: [],
      forbidsOperatorPolicies: false,
      deniedFeatures: [],
    },
    login: { user: '', tags: [] },
    topology,
    usersReadable: file.users !== undefined,
    parametersReadable: true,
    untouchable: new Set(foreign.map(({ vhost, name }) => address('queue', vhost, name))),
    kindsRead: new Set(KINDS),
  }
}

function versionOf({ rabbitmq_version: version, rabbit_version: older }: DefinitionsFile): string {
  return version ?? older ?? ''
}

/**
 * Finds the data that a file does not contain. A missing section means unknown objects, and an empty one means that
 * there are none.
 */
function notExportedBy(file: DefinitionsFile, vhosts: readonly ExportedVhost[]): NotExported[] {
  const missing: { readonly [U in NotExported]?: boolean } = {
    exchanges: file.exchanges === undefined,
    queues: file.queues === undefined,
    bindings: file.bindings === undefined,
    policies: file.policies === undefined,
    'operator-policies': file.parameters === undefined,
    parameters: file.parameters === undefined,
    'vhost-limits': file.parameters === undefined && vhosts.every(({ limits }) => limits === undefined),
    // A broker always has a user, so an export without users left them out.
    users: file.users === undefined || file.users.length === 0,
    permissions: file.permissions === undefined || file.users?.length === 0,
    'topic-permissions': file.topic_permissions === undefined || file.users?.length === 0,
    'global-parameters': file.global_parameters === undefined,
    // A broker that exports internal exchanges marks every exchange as internal or not.
    'internal-exchanges': file.exchanges?.every(({ internal }) => internal === undefined) ?? false,
    'vhost-metadata': vhosts.some(({ metadata }) => metadata === undefined),
  }
  return (Object.keys(missing) as NotExported[]).filter((each) => missing[each] === true)
}

/** The exchanges that every virtual host has and that no file lists. */
function builtIn(vhost: string): Exchange[] {
  return [...EXCHANGES_OF_EVERY_VHOST].map(([name, { type, internal }]) => ({
    vhost,
    name,
    type,
    durable: true,
    autoDelete: false,
    internal,
    arguments: {},
  }))
}
