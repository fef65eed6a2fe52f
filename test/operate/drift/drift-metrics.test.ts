import { describe, expect, it } from 'vitest'
import { driftMetrics, type WatchedStatus } from '../../../src/operate/drift/drift-metrics.ts'
import { metricsText } from '../../../src/operate/drift/metrics-text.ts'
import type { ProjectObservation } from '../../../src/operate/drift/observation.ts'
import type { ObservedDrift } from '../../../src/operate/drift/observed-drift.ts'

const NOW = Date.parse('2026-01-01T00:01:00Z')

const missing = (name: string): ObservedDrift => ({
  address: `queue:%2F/${name}`,
  kind: 'queue',
  action: 'create',
  differences: [],
  fingerprint: 'a1',
})

const SHOP: ProjectObservation = {
  project: 'shop',
  environment: 'prod',
  seen: {
    drifts: [missing('a'), missing('b'), { ...missing('c'), action: 'update' }],
    blocks: [{ reason: 'not-owned', address: 'queue:%2F/c' }],
    unmanaged: [{ address: 'queue:%2F/x', kind: 'queue' }],
    vhosts: [{ name: '/', coverage: 87.5 }],
    queues: [
      {
        vhost: '/',
        name: 'bills.dead',
        role: 'dead-letter',
        ready: 4,
        unacknowledged: 1,
        consumers: 0,
        oldestMessage: NOW / 1_000 - 30,
        published: 9,
        delivered: 5,
      },
      { vhost: '/', name: 'bills', ready: 7 },
    ],
  },
}

function status(projects: readonly ProjectObservation[], changes: Partial<WatchedStatus> = {}): WatchedStatus {
  return {
    observation: { environment: 'prod', projects, isUp: true, requests: 5 },
    hasLooked: true,
    duration: 0.5,
    requests: 50,
    isActive: true,
    isPaused: false,
    pending: 2,
    dropped: 0,
    ...changes,
  }
}

/** The samples of some metrics, as lines. */
function lines(of: readonly WatchedStatus[], name: RegExp): readonly string[] {
  return metricsText(driftMetrics(of, NOW))
    .split('\n')
    .filter((line) => !line.startsWith('#') && name.test(line))
}

describe('driftMetrics', () => {
  it('counts the objects that differ by kind and action', () => {
    expect(lines([status([SHOP])], /^warren_drift_(total_)?objects|blocked/)).toEqual([
      'warren_drift_objects{environment="prod",project="shop",kind="queue",action="create"} 2',
      'warren_drift_objects{environment="prod",project="shop",kind="queue",action="update"} 1',
      'warren_drift_total_objects{environment="prod",project="shop"} 3',
      'warren_drift_blocked{environment="prod",project="shop"} 1',
    ])
  })

  it('describes the declared queues as far as the broker reports them', () => {
    const labels = (name: string) => `{environment="prod",project="shop",vhost="/",queue="${name}"}`

    expect(lines([status([SHOP])], /^warren_queue_/)).toEqual([
      `warren_queue_messages_ready${labels('bills.dead')} 4`,
      `warren_queue_messages_ready${labels('bills')} 7`,
      `warren_queue_messages_unacknowledged${labels('bills.dead')} 1`,
      `warren_queue_consumers${labels('bills.dead')} 0`,
      `warren_queue_dead_letters${labels('bills.dead')} 4`,
      `warren_queue_oldest_message_age_seconds${labels('bills.dead')} 30`,
      `warren_queue_published_total${labels('bills.dead')} 9`,
      `warren_queue_delivered_total${labels('bills.dead')} 5`,
    ])
  })

  it('counts an unmanaged object once if several projects see it', () => {
    const both = [SHOP, { ...SHOP, project: 'mail' }]

    expect(lines([status(both)], /unmanaged|coverage/)).toEqual([
      'warren_unmanaged_objects{environment="prod",kind="queue"} 1',
      'warren_coverage_ratio{environment="prod",vhost="/"} 0.875',
    ])
  })

  it('keeps no drift of a project that could not be compared', () => {
    const failed: ProjectObservation = { project: 'shop', environment: 'prod', error: 'does not answer' }
    const observation = { environment: 'prod', projects: [failed], isUp: false, requests: 1 }

    expect(lines([status([], { observation })], /up|success|objects/)).toEqual([
      'warren_broker_up{environment="prod"} 0',
      'warren_drift_success{environment="prod",project="shop"} 0',
    ])
  })

  it('says nothing about a broker while another process acts', () => {
    const observation = { environment: 'prod', projects: [], isUp: false, requests: 0 }

    expect(lines([status([], { observation, hasLooked: false, isActive: false })], /up|active|duration/)).toEqual([
      'warren_drift_active{environment="prod"} 0',
    ])
  })
})

describe('metricsText', () => {
  it('writes help, type and samples, and escapes labels', () => {
    const labels = { queue: 'a"b\\c\nd' }
    const text = metricsText([{ name: 'depth', help: 'One\\two', type: 'gauge', samples: [{ labels, value: 1.5 }] }])

    expect(text).toBe('# HELP depth One\\\\two\n# TYPE depth gauge\ndepth{queue="a\\"b\\\\c\\nd"} 1.5\n')
  })

  it('leaves out metrics without samples', () => {
    expect(metricsText([{ name: 'depth', help: '', type: 'gauge', samples: [] }])).toBe('')
  })
})
