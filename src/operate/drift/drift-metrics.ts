import { groupByKey } from '../../model/values/group-by-key.ts'
import type { WatchedProject } from './drift-event.ts'
import type { Metric, Sample } from './metrics-text.ts'
import type { EnvironmentObservation, ProjectObservation, SeenProject, SeenQueue } from './observation.ts'

/** The last observation of an environment, and the results of all so far. */
export interface WatchedStatus {
  readonly observation: EnvironmentObservation
  /** Whether this process has looked at the environment; one that stands by does not. */
  readonly hasLooked: boolean
  /** When the last observation without an error ended, in milliseconds since 1970; absent if there was none. */
  readonly lastSuccess?: number
  /** How long the last observation took, in seconds. */
  readonly duration: number
  /** How many requests all observations have sent. */
  readonly requests: number
  /** Whether this process acts; the others stand by. */
  readonly isActive: boolean
  /** Whether nothing is sent and changed for now. */
  readonly isPaused: boolean
  /** How many events wait for a webhook. */
  readonly pending: number
  /** How many events were dropped undelivered. */
  readonly dropped: number
}

type Labels = Readonly<Record<string, string>>

/** The part of a queue that a metric describes. */
const OF_QUEUES: readonly {
  readonly name: string
  readonly help: string
  readonly type: Metric['type']
  readonly value: (queue: SeenQueue, now: number) => number | undefined
}[] = [
  gauge(
    'warren_queue_messages_ready',
    'Messages in a declared queue that are ready to be delivered',
    ({ ready }) => ready,
  ),
  gauge(
    'warren_queue_messages_unacknowledged',
    'Messages of a declared queue that consumers have not acknowledged',
    ({ unacknowledged }) => unacknowledged,
  ),
  gauge('warren_queue_consumers', 'Consumers of a declared queue', ({ consumers }) => consumers),
  gauge('warren_queue_dead_letters', 'Messages in a declared dead-letter queue', ({ role, ready }) =>
    role === 'dead-letter' ? ready : undefined,
  ),
  gauge(
    'warren_queue_held_dead_letters',
    'Dead letters that a declared queue holds because their target does not accept them',
    ({ heldDeadLetters }) => heldDeadLetters,
  ),
  gauge(
    'warren_queue_oldest_message_age_seconds',
    'Age of the oldest message of a declared queue, if the broker reports it',
    ({ oldestMessage }, now) => (oldestMessage === undefined ? undefined : Math.max(0, now / 1_000 - oldestMessage)),
  ),
  {
    ...gauge('warren_queue_published_total', 'Messages that arrived in a declared queue', ({ published }) => published),
    type: 'counter',
  },
  {
    ...gauge(
      'warren_queue_delivered_total',
      'Messages of a declared queue that were delivered, including redeliveries',
      ({ delivered }) => delivered,
    ),
    type: 'counter',
  },
]

function gauge(name: string, help: string, value: (queue: SeenQueue, now: number) => number | undefined) {
  return { name, help, type: 'gauge' as const, value }
}

/**
 * The metrics of the drift service. An environment that could not be observed keeps no old values: its drift is unknown, and
 * `warren_broker_up` or `warren_drift_success` says why.
 *
 * @param now in milliseconds since 1970
 */
export function driftMetrics(all: readonly WatchedStatus[], now: number): readonly Metric[] {
  const projects = all.flatMap(({ observation }) => observation.projects)
  const seen = projects.flatMap((each) => (each.seen ? [{ labels: labelsOf(each), seen: each.seen }] : []))
  const perEnvironment = (value: (status: WatchedStatus) => number | undefined): Sample[] =>
    all.flatMap((status) => {
      const measured = value(status)
      const labels = { environment: status.observation.environment ?? '' }
      return measured === undefined ? [] : [{ labels, value: measured }]
    })
  return [
    {
      name: 'warren_broker_up',
      help: 'Whether the broker answered at the last look (1 or 0)',
      type: 'gauge',
      samples: perEnvironment(({ observation, hasLooked }) => (hasLooked ? Number(observation.isUp) : undefined)),
    },
    {
      name: 'warren_drift_success',
      help: 'Whether the last look could compare the project with the broker (1 or 0)',
      type: 'gauge',
      samples: projects.map((each) => ({ labels: labelsOf(each), value: each.seen ? 1 : 0 })),
    },
    {
      name: 'warren_drift_objects',
      help: 'Objects that differ from their declaration, by the change that an apply would make',
      type: 'gauge',
      samples: seen.flatMap(({ labels, seen: { drifts } }) => countsOf(labels, drifts)),
    },
    {
      name: 'warren_drift_total_objects',
      help: 'Objects of a project that differ from their declaration; 0 without drift',
      type: 'gauge',
      samples: seen.map(({ labels, seen: { drifts } }) => ({ labels, value: drifts.length })),
    },
    {
      name: 'warren_drift_blocked',
      help: 'Reasons that block an apply of the project',
      type: 'gauge',
      samples: seen.map(({ labels, seen: { blocks } }) => ({ labels, value: blocks.length })),
    },
    {
      name: 'warren_unmanaged_objects',
      help: 'Objects that no project owns and no file declares',
      type: 'gauge',
      samples: byVhost(all, unmanagedIn),
    },
    {
      name: 'warren_coverage_ratio',
      help: 'Share of the objects in a vhost that a project owns, from 0 to 1',
      type: 'gauge',
      samples: byVhost(all, coverageIn),
    },
    {
      name: 'warren_drift_last_success_timestamp_seconds',
      help: 'When the last look without an error ended',
      type: 'gauge',
      samples: perEnvironment(({ lastSuccess }) => (lastSuccess === undefined ? undefined : lastSuccess / 1_000)),
    },
    {
      name: 'warren_drift_duration_seconds',
      help: 'Duration of the last look',
      type: 'gauge',
      samples: perEnvironment(({ duration, hasLooked }) => (hasLooked ? duration : undefined)),
    },
    {
      name: 'warren_drift_requests_total',
      help: 'Requests to the management API',
      type: 'counter',
      samples: perEnvironment(({ requests }) => requests),
    },
    {
      name: 'warren_drift_active',
      help: 'Whether this process sends notifications and applies (1), or stands by (0)',
      type: 'gauge',
      samples: perEnvironment(({ isActive }) => (isActive ? 1 : 0)),
    },
    {
      name: 'warren_drift_paused',
      help: 'Whether notifications and applies are paused (1 or 0)',
      type: 'gauge',
      samples: perEnvironment(({ isPaused }) => (isPaused ? 1 : 0)),
    },
    {
      name: 'warren_drift_notifications_pending',
      help: 'Events that a webhook has not received yet',
      type: 'gauge',
      samples: perEnvironment(({ pending }) => pending),
    },
    {
      name: 'warren_drift_notifications_dropped_total',
      help: 'Events that were dropped because too many waited for a webhook',
      type: 'counter',
      samples: perEnvironment(({ dropped }) => dropped),
    },
    ...OF_QUEUES.map(({ name, help, type, value }): Metric => ({
      name,
      help,
      type,
      samples: seen.flatMap(({ labels, seen: { queues } }) =>
        queues.flatMap((queue): Sample[] => {
          const measured = value(queue, now)
          if (measured === undefined) return []
          return [{ labels: { ...labels, vhost: queue.vhost, queue: queue.name }, value: measured }]
        }),
      ),
    })),
  ]
}

function labelsOf({ environment = '', project }: WatchedProject): Labels {
  return { environment, project }
}

function countsOf(labels: Labels, drifts: SeenProject['drifts']): Sample[] {
  const groups = groupByKey(drifts, ({ kind, action }) => `${kind} ${action}`)
  return [...groups.values()].map((group) => {
    const [{ kind, action }] = group
    return { labels: { ...labels, kind, action }, value: group.length }
  })
}

/** Several projects may see one vhost. An object is unmanaged only if it is for all of them. */
function byVhost(
  all: readonly WatchedStatus[],
  measure: (projects: readonly ProjectObservation[]) => readonly Sample[],
): Sample[] {
  return all.flatMap(({ observation: { environment = '', projects } }) =>
    measure(projects).map(({ labels, value }) => ({ labels: { environment, ...labels }, value })),
  )
}

function unmanagedIn(projects: readonly ProjectObservation[]): readonly Sample[] {
  const kinds = new Map<string, string>()
  for (const { seen } of projects) for (const { address, kind } of seen?.unmanaged ?? []) kinds.set(address, kind)
  const groups = groupByKey(kinds.values(), (kind) => kind)
  return [...groups].map(([kind, { length }]) => ({ labels: { kind }, value: length }))
}

function coverageIn(projects: readonly ProjectObservation[]): readonly Sample[] {
  const coverage = new Map<string, number>()
  for (const { seen } of projects) {
    for (const vhost of seen?.vhosts ?? []) {
      if (vhost.coverage !== undefined) coverage.set(vhost.name, vhost.coverage / 100)
    }
  }
  return [...coverage].map(([vhost, value]) => ({ labels: { vhost }, value }))
}
