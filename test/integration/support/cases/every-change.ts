import { readLive } from '../../../../src/broker/live/read-live.ts'
import { KINDS } from '../../../../src/model/topology.ts'
import { TopologyIndex } from '../../../../src/plan/topology-index.ts'
import type { OwnershipRecord } from '../../../../src/broker/records/ownership-record.ts'
import { freshName, testBroker } from '../brokers/broker.ts'
import { command, type Ended } from '../command-in-process.ts'
import { files, managementUrl } from '../command-line.ts'
import { withClient } from '../converge.ts'
import { recordName } from '../../../../src/model/generated-names.ts'

export const PROJECT = 'faults'

/** A virtual host in which an apply with `args` will make changes of every kind and every action. */
export interface EveryChange extends AsyncDisposable {
  readonly vhost: string
  /** The arguments of the apply, without a URL. */
  readonly args: readonly string[]
  /** Runs `warren` directly on the broker; `args` of the apply are added. */
  readonly run: (name: 'apply' | 'plan', ...more: readonly string[]) => Promise<Ended>
  /** The pending changes, as `action address`. */
  readonly pending: () => Promise<readonly string[]>
  /** The objects on the broker. */
  readonly live: () => Promise<TopologyIndex>
  readonly record: () => Promise<OwnershipRecord | undefined>
  /** The manually created bindings that are missing although no change deletes them. */
  readonly missingByHand: () => Promise<readonly string[]>
}

/**
 * Creates the virtual host, applies the initial topology, and adds bindings manually. All of it is deleted
 * afterwards.
 */
export async function everyChange(): Promise<EveryChange> {
  const { api, amqpUrl } = await testBroker()
  const vhost = freshName('vhost')
  const users = { old: `${vhost}-old`, kept: `${vhost}-kept`, made: `${vhost}-new` }
  const cleanUp = async () => {
    for (const name of Object.values(users)) await api.delete(['users', name])
    for (const name of [recordName({ project: PROJECT, vhost }), `${vhost}-parameter`]) {
      await api.delete(['global-parameters', name])
    }
    await api.delete(['vhosts', vhost])
  }
  const folder = await files({ 'before.yaml': before(vhost, users), 'after.yaml': after(vhost, users) })
  const environment = { WARREN_URL: await managementUrl() }
  const settings = ['--prune', '--max-deletes', '100%', '--amqp-url', amqpUrl]
  const prepared = await command(['apply', `${folder}/before.yaml`, '-y', ...settings], environment)
  if (prepared.code !== 0) throw new Error(prepared.stdout + prepared.stderr)

  const byHand = [
    { source: 'events', destination: 'stranger', key: 'stays' },
    { source: 'shape', destination: 'stranger', key: 'comes-back' },
    { source: 'events', destination: 'resized', key: 'comes-back' },
    { source: 'before', destination: 'stranger', key: 'moves' },
  ]
  await api.put(['queues', vhost, 'stranger'], { durable: true, arguments: { 'x-queue-type': 'classic' } })
  for (const { source, destination, key } of byHand) {
    await api.post(['bindings', vhost, 'e', source, 'q', destination], { routing_key: key, arguments: {} })
  }

  const allowed = [`queue:${vhost}/resized`, `exchange:${vhost}/shape`].flatMap((at) => ['--allow', `replace=${at}`])
  const args = [`${folder}/after.yaml`, ...settings, ...allowed]
  const run: EveryChange['run'] = (name, ...more) => command([name, ...args, ...more], environment)
  return {
    vhost,
    args,
    run,
    async pending() {
      const { stdout, stderr, code } = await run('plan', '--adopt', '--format', 'json')
      if (code !== 0 && code !== 4) throw new Error(stderr)
      const { changes } = JSON.parse(stdout) as { changes: { action: string; address: string }[] }
      return changes.map(({ action, address }) => `${action} ${address}`)
    },
    [Symbol.asyncDispose]: cleanUp,
    live: () =>
      withClient(async (client) => {
        const { topology } = await readLive(client, { vhosts: [vhost], kinds: new Set(KINDS) })
        return new TopologyIndex(topology)
      }),
    async record() {
      const found = await api.get<{ value: OwnershipRecord }>([
        'global-parameters',
        recordName({ project: PROJECT, vhost }),
      ])
      return found?.value
    },
    async missingByHand() {
      const there =
        (await api.get<{ source: string; destination: string; routing_key: string }[]>(['bindings', vhost])) ?? []
      return byHand
        .map((each) => (each.source === 'before' ? { ...each, source: 'after' } : each))
        .filter(({ source, destination, key }) =>
          there.every((each) => each.source !== source || each.destination !== destination || each.routing_key !== key),
        )
        .map(({ source, destination, key }) => `binding:${vhost}/${source}/queue/${destination}/${key}`)
    },
  }
}

interface Users {
  readonly old: string
  readonly kept: string
  readonly made: string
}

function before(vhost: string, users: Users): string {
  return `
warren: 1
project: ${PROJECT}
vhost: { name: ${vhost}, description: before, limits: { maxQueues: 100 } }
exchanges:
  events: { type: topic }
  old: { type: fanout }
  shape: { type: fanout }
  before: { type: direct }
queues:
  kept: { type: quorum, protect: true, bindings: [{ exchange: events, routingKey: "#" }] }
  gone: { type: classic, bindings: [{ exchange: events, routingKey: gone }] }
  resized: { type: classic, maxLength: 5, bindings: [shape, { exchange: before, routingKey: k }] }
users:
  ${users.kept}:
    password: before
    tags: [management]
    limits: { maxConnections: 3 }
    permissions: { read: "^kept$" }
    topicPermissions: { events: { write: "^a" } }
  ${users.old}: { password: old, permissions: { read: "" }, topicPermissions: { events: { read: "^b" } } }
policies:
  changed: { pattern: "^kept", definition: { max-length: 1000 } }
  old: { pattern: "^old", definition: { max-length: 1000 } }
operatorPolicies:
  changed: { pattern: "^kept", definition: { max-length: 5000 } }
  old: { pattern: "^old", definition: { max-length: 5000 } }
globalParameters:
  ${vhost}-parameter: { made: before }
`
}

function after(vhost: string, users: Users): string {
  return `
warren: 1
project: ${PROJECT}
vhost: { name: ${vhost}, description: after, limits: { maxQueues: 200 } }
exchanges:
  events: { type: topic }
  shape: { type: topic }
  after: { type: direct, renamedFrom: before }
  made: { type: headers }
queues:
  kept: { type: quorum, protect: true, bindings: [{ exchange: events, routingKey: "#" }] }
  resized:
    type: classic
    maxLength: 6
    bindings: [{ exchange: shape, routingKey: "" }, { exchange: after, routingKey: k }]
  made: { type: quorum, protect: true, deadLetter: true, bindings: [{ exchange: events, routingKey: made }] }
users:
  ${users.kept}:
    password: after
    tags: [monitoring]
    limits: { maxConnections: 4 }
    permissions: { read: "^(kept|made)$" }
    topicPermissions: { events: { write: "^a|^b" } }
  ${users.made}: { password: new, permissions: { read: "^made$" }, topicPermissions: { events: { read: "^c" } } }
policies:
  changed: { pattern: "^kept", definition: { max-length: 2000 } }
  made: { pattern: "^no", definition: { max-length: 1000 } }
operatorPolicies:
  changed: { pattern: "^kept", definition: { max-length: 6000 } }
  made: { pattern: "^no", definition: { max-length: 6000 } }
globalParameters:
  ${vhost}-parameter: { made: after }
`
}
