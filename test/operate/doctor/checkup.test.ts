import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/operate/doctor/limits.ts'
import { hasSymptoms, makeCheckup } from '../../../src/operate/doctor/checkup.ts'
import { formatCheckup } from '../../../src/render/formats/format-doctor.ts'
import { queue, topology } from '../../builders/objects.ts'
import { look, node, seen } from '../../builders/looks.ts'
import { snapshotOf } from '../../builders/snapshot-of.ts'

const { live } = snapshotOf(topology())
const monitoring = { live: { ...live, login: { user: 'ops', tags: ['monitoring'] } } }
const busy = (at: number, done: number) =>
  look(at, {
    queues: {
      orders: seen({ messages: 12 + (done % 7), ready: 5, unacknowledged: 7, delivered: done, acknowledged: done }),
    },
    consumers: { orders: 2 },
  })

describe('a checkup', () => {
  it('finds nothing in a healthy broker under load', () => {
    const snapshot = snapshotOf(topology({ queues: [queue('orders')] }), monitoring)
    const looks = [busy(0, 100), busy(5_000, 900), busy(10_000, 1_800)] as const
    const checkup = makeCheckup({ snapshot, looks: [...looks], unknown: [], limits: DEFAULT_LIMITS })

    expect(checkup.checks.filter(({ status }) => status !== 'ok')).toEqual([])
    expect(hasSymptoms(checkup, 'notice')).toBe(false)
    expect(formatCheckup(checkup)).toContain('Found       nothing\n')
  })

  const sick = makeCheckup({
    snapshot: snapshotOf(topology({ queues: [queue('orders')] }), {
      unknown: [{ what: 'vhost', vhost: 'hidden', reason: 'no-permission' }],
    }),
    looks: [
      look(0, { nodes: [node('rabbit@one', { running: false })], queues: { orders: seen({ messages: 3, ready: 3 }) } }),
    ],
    unknown: [{ part: 'channels', reason: 'statistics-off' }],
    limits: DEFAULT_LIMITS,
  })

  it('ends with an exit code that depends on the severity', () => {
    expect(hasSymptoms(sick)).toBe(true)
    expect(hasSymptoms(sick, 'error')).toBe(true)
    const checks = sick.checks.filter(({ check }) => check === 'login-rights')
    expect([hasSymptoms({ checks }), hasSymptoms({ checks }, 'notice')]).toEqual([false, true])
  })

  it('is shown as text with errors first, and with the unknown parts', () => {
    expect(formatCheckup(sick)).toBe(
      `Broker      rabbit@test (RabbitMQ 4.3.6)  http://mq.test:15672  login warren
Scope       1 vhost, 1 queue
Sample      one look; --sample 30s also checks what changes over time
Found       1 error, 1 warning, 1 notice

error  node-down  rabbit@one
  the node is a member of the cluster and does not run
  start it, or remove it with: rabbitmqctl forget_cluster_node

warning  consumers-missing  queue:%2F/orders
  3 messages wait, and the queue has no consumer
  start the program that consumes it, or delete the queue if no program needs it

notice  login-rights  warren
  warren is logged in as an administrator, and this command only reads
  use a login with the tags monitoring and policymaker (docs/how-to/health-check.md)

Unknown
  unacknowledged, churn: needs a sample of at least 10 s (--sample)
  churn: channels: the broker collects no statistics
  vhost hidden: the login has no permission

Fine        alarm, headroom, quorum-majority, critical-node, unbalanced-leaders, depth, oldest-message, dead-letters, held-dead-letters, stuck-delays, blocked-connections, no-heartbeat
`,
    )
  })

  it('is shown as Markdown, JSON and JUnit', () => {
    expect(formatCheckup(sick, { format: 'markdown' })).toContain(
      '| error | `node-down` | `rabbit@one` | the node is a member of the cluster and does not run |',
    )
    const parsed = JSON.parse(formatCheckup(sick, { format: 'json' })) as { format: number; checks: unknown[] }
    expect([parsed.format, parsed.checks.length]).toEqual([1, sick.checks.length])
    const junit = formatCheckup(sick, { format: 'junit' })
    expect(junit).toContain('tests="17" failures="2" errors="0" skipped="2"')
    // A notice does not change the exit code.
    expect(junit).toContain('classname="login-rights"/>')
  })
})
