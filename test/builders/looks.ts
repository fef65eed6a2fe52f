import type { ConnectionHealth, HealthLook, NodeHealth, QueueHealth } from '../../src/broker/snapshot/health.ts'
import type { Desired } from '../../src/model/desired.ts'
import type { Topology } from '../../src/model/topology.ts'
import type { CheckResult } from '../../src/operate/doctor/check.ts'
import type { CheckupInput } from '../../src/operate/doctor/check-context.ts'
import { DEFAULT_LIMITS } from '../../src/operate/doctor/limits.ts'
import { makeCheckup } from '../../src/operate/doctor/checkup.ts'
import { topology as topologyOf } from './objects.ts'
import { snapshotOf } from './snapshot-of.ts'

/** The condition of a queue that is empty and not in use. */
export function seen(more: Partial<QueueHealth> = {}): QueueHealth {
  const numbers = { messages: 0, ready: 0, unacknowledged: 0, published: 0, delivered: 0, acknowledged: 0, held: 0 }
  const { members = [], online = [] } = more
  const hasMajority = members.length === 0 || 2 * online.length > members.length
  return { ...numbers, members, online, hasMajority, ...more }
}

/** A running node with plenty of all resources. */
export function node(name: string, more: Partial<NodeHealth> = {}): NodeHealth {
  return { name, running: true, partitions: 0, memoryAlarm: false, diskAlarm: false, ...more }
}

/** A connection of a program over AMQP, with heartbeats. */
export function connection(name: string, more: Partial<ConnectionHealth> = {}): ConnectionHealth {
  const usual = { vhost: '/', state: 'running', protocol: 'AMQP 0-9-1', isNetwork: true, heartbeat: 60 }
  return { connection: name, user: 'shop', ...usual, ...more }
}

type LookParts = Omit<Partial<HealthLook>, 'queues' | 'consumers'> & {
  readonly queues?: Readonly<Record<string, QueueHealth>>
  readonly consumers?: Readonly<Record<string, number>>
}

/** A look at a healthy broker with one node; queues and consumers are in the vhost `/`. */
export function look(at: number, { queues = {}, consumers = {}, ...more }: LookParts = {}): HealthLook {
  const inVhost = <T>(each: Readonly<Record<string, T>>) =>
    new Map(Object.entries(each).map(([name, value]) => [`queue:%2F/${name}`, value]))
  return {
    at,
    time: 1_800_000_000_000 + at,
    alarm: false,
    nodes: [node('rabbit@one')],
    connections: [],
    channels: [],
    churn: { connections: 0, channels: 0, queuesCreated: 0, queuesDeleted: 0 },
    queues: inVhost(queues),
    consumers: inVhost(consumers),
    ...more,
  }
}

/** The result of one check of a broker with a topology. */
export function checked(
  check: string,
  objects: Partial<Topology>,
  looks: CheckupInput['looks'],
  more: Partial<CheckupInput> & { readonly desired?: Desired } = {},
): CheckResult {
  const snapshot = snapshotOf(topologyOf(objects))
  const { checks } = makeCheckup({ snapshot, looks, unknown: [], limits: DEFAULT_LIMITS, ...more })
  const found = checks.find((each) => each.check === check)
  if (found === undefined) throw new Error(`there is no check ${check}`)
  return found
}

/** The severity and the address of each finding of a check, such as `warning queue:%2F/orders`. */
export function places({ symptoms }: CheckResult): string[] {
  return symptoms.map(({ severity, address, subject }) => [severity, address ?? subject].join(' ').trim())
}
