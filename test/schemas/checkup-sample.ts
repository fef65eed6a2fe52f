import type { UpgradeReport } from '../../src/operate/doctor/upgrade/upgrade-report.ts'
import type { Checkup } from '../../src/operate/doctor/checkup.ts'
import { snapshotOf } from '../builders/snapshot-of.ts'
import { topology } from '../builders/objects.ts'

/** A checkup with every possible property. */
export const CHECKUP = {
  source: snapshotOf(topology()).source,
  project: 'shop',
  vhosts: ['/'],
  queues: 1,
  sample: { window: 10_000, looks: 6 },
  checks: [
    {
      check: 'depth',
      title: 'queues are not deep',
      status: 'found',
      symptoms: [
        {
          severity: 'warning',
          address: 'queue:%2F/q',
          subject: 'a',
          message: 'deep',
          numbers: { ready: 9 },
          advice: 'x',
        },
      ],
      undecided: [
        { undecided: 'sample-too-short', address: 'queue:%2F/q', vhost: '/', part: 'queues', needed: 10_000 },
      ],
    },
  ],
  unreadable: ['hidden'],
} as const satisfies Checkup

/** An upgrade report with every possible property. */
export const UPGRADE = {
  source: CHECKUP.source,
  from: '3.10.8',
  to: '4.3.6',
  path: ['3.11'],
  vhosts: ['/'],
  issues: [
    {
      feature: 'mirroring',
      effect: 'lost',
      since: '4.2',
      stage: 'objects',
      optional: true,
      address: 'queue:%2F/q',
      subject: 'shop',
      message: 'one copy',
      advice: 'quorum',
      commands: ['rabbitmqctl list_queues'],
      edit: 'write type: quorum',
      decision: '--migrate queue:%2F/q',
    },
  ],
  commands: ['# upgrade'],
  reminders: ['check'],
  unknown: ['users'],
} as const satisfies UpgradeReport
