import type { HealthLook, HealthPart, QueueHealth, UnknownHealth } from '../../broker/snapshot/health.ts'
import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import { type QueueRoles, queueRoles } from '../../insight/survey/queue-roles.ts'
import { addressOf } from '../../model/address.ts'
import type { Desired } from '../../model/desired.ts'
import { type WinnersOfBoth, winnersOf } from '../../model/policies/winning-policies.ts'
import type { Queue, Topology } from '../../model/topology.ts'
import type { DoctorLimits } from './limits.ts'

/** The data that was read for a checkup. */
export interface CheckupInput {
  readonly snapshot: Snapshot
  /** At least one, the first one first. */
  readonly looks: readonly [HealthLook, ...HealthLook[]]
  readonly unknown: readonly UnknownHealth[]
  readonly limits: DoctorLimits
  /** The declarations of a project's files; absent if the whole broker is examined. */
  readonly desired?: Desired
}

/** Everything that checks can read. */
export class CheckContext {
  readonly snapshot: Snapshot
  readonly looks: readonly [HealthLook, ...HealthLook[]]
  readonly unknown: readonly UnknownHealth[]
  readonly limits: DoctorLimits
  readonly desired: Desired | undefined
  readonly first: HealthLook
  readonly last: HealthLook
  /** The time between the first and the last look, in milliseconds. */
  readonly window: number
  readonly vhosts: readonly CheckedVhost[]

  constructor({ snapshot, looks, unknown, limits, desired }: CheckupInput) {
    this.snapshot = snapshot
    this.looks = looks
    this.unknown = unknown
    this.limits = limits
    this.desired = desired
    this.first = looks[0]
    this.last = looks.at(-1) ?? looks[0]
    this.window = this.last.at - this.first.at
    const { version } = snapshot.live.broker
    const declared = desired && new Set(desired.topology.queues.map((each) => addressOf('queue', each)))
    this.vhosts = snapshot.vhosts.map(({ name, topology }) => new CheckedVhost(name, topology, version, declared))
  }

  /** All queues that are examined, in the order of vhosts and names. */
  *queues(): Iterable<CheckedQueue> {
    for (const vhost of this.vhosts) yield* vhost.queues
  }

  /** The conditions of a queue in all looks; empty unless every look has the queue. */
  seen({ address }: CheckedQueue): readonly QueueHealth[] {
    const seen = this.looks.flatMap(({ queues }) => queues.get(address) ?? [])
    return seen.length === this.looks.length ? seen : []
  }

  /** The current condition of a queue. */
  now({ address }: CheckedQueue): QueueHealth | undefined {
    return this.last.queues.get(address)
  }

  /** Whether a queue had no consumer in any look; undefined if that is unknown. */
  isWithoutConsumer(address: string): boolean | undefined {
    let isWithout = true
    for (const { consumers } of this.looks) {
      if (consumers === undefined) return undefined
      isWithout &&= (consumers.get(address) ?? 0) === 0
    }
    return isWithout
  }

  /** The missing parts that a check needs. */
  missing(parts: readonly HealthPart[]): readonly UnknownHealth[] {
    return this.unknown.filter(({ part }) => parts.includes(part))
  }
}

/** A queue with its purpose in failure paths. */
export interface CheckedQueue {
  readonly queue: Queue
  readonly address: string
  readonly vhost: CheckedVhost
  readonly role: 'work' | 'delay' | 'dead-letter'
}

/** One vhost with the queues that are examined. */
export class CheckedVhost {
  readonly name: string
  readonly topology: Topology
  readonly winners: WinnersOfBoth
  readonly queues: readonly CheckedQueue[]

  /** @param declared the addresses of the examined queues. Default: all */
  constructor(name: string, topology: Topology, version: string, declared?: ReadonlySet<string>) {
    this.name = name
    this.topology = topology
    this.winners = winnersOf(topology, version)
    const roles = queueRoles(topology, version, this.winners)
    this.queues = topology.queues.flatMap((queue): CheckedQueue[] => {
      const address = addressOf('queue', queue)
      if (declared?.has(address) === false) return []
      return [{ queue, address, vhost: this, role: roleOf(queue, roles) }]
    })
  }
}

function roleOf({ name }: Queue, { delay, deadLetter }: QueueRoles): CheckedQueue['role'] {
  return delay.has(name) ? 'delay' : deadLetter.has(name) ? 'dead-letter' : 'work'
}
