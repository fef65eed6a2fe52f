import type { SnapshotSource } from '../../../broker/snapshot/snapshot.ts'
import { upgradeReminders } from '../../../model/broker-tables/upgrade-paths.ts'
import { changedBroker } from './features/broker.ts'
import { changedClients } from './features/clients.ts'
import { changedPolicies } from './features/policies.ts'
import { changedQueues } from './features/queues.ts'
import { refusedObjects } from './features/refused.ts'
import { changedByRules } from './features/rules.ts'
import { upgradeContext, type UpgradeHop, type UpgradeInput } from './upgrade-context.ts'
import type { UpgradeIssue } from './upgrade-issue.ts'

/** The work that is necessary before an upgrade of RabbitMQ. */
export interface UpgradeReport {
  readonly source: SnapshotSource
  /** The current version. */
  readonly from: string
  /** The version to upgrade to. */
  readonly to: string
  /** The series of each upgrade on the way, such as `3.11`. */
  readonly path: readonly string[]
  readonly vhosts: readonly string[]
  /** Features in use that a version on the way changes, in the order in which they are fixed. */
  readonly issues: readonly UpgradeIssue[]
  /** The commands that fix them, in order, each once. A line that begins with `#` is an edit of a file. */
  readonly commands: readonly string[]
  /** Changes that no object and no client shows. */
  readonly reminders: readonly string[]
  /** The data that could not be read. */
  readonly unknown: readonly string[]
}

const STAGES = ['programs', 'objects', 'broker'] as const

/** Compares what is in use with the tables of versions. */
export function makeUpgradeReport(
  input: UpgradeInput,
  { to, unknown }: { readonly to: string; readonly unknown: readonly string[] },
): UpgradeReport {
  const context = upgradeContext(input)
  const features = [changedClients, refusedObjects, changedPolicies, changedQueues, changedByRules, changedBroker]
  const issues = features
    .flatMap((feature) => [...feature(context)])
    .toSorted((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage))
  return {
    source: input.snapshot.source,
    from: input.from,
    to,
    path: input.path.map(({ series }) => series),
    vhosts: input.snapshot.vhosts.map(({ name }) => name),
    issues,
    commands: commandsFor(issues, context.path),
    reminders: upgradeReminders(input.from, to),
    unknown,
  }
}

/** Whether something has to be fixed before the upgrade. */
export function needsFixes({ issues }: Pick<UpgradeReport, 'issues'>): boolean {
  return issues.some(({ optional }) => optional !== true)
}

/**
 * The commands in order: fixes that need no files, then changed declarations and one apply for all of them, then the
 * upgrades. A line that begins with `#` is done by people.
 */
function commandsFor(issues: readonly UpgradeIssue[], path: readonly UpgradeHop[]): readonly string[] {
  const needed = issues.filter(({ optional }) => optional !== true)
  const edits = needed.flatMap(({ address, edit }) =>
    address === undefined || edit === undefined ? [] : [`# in the declaration of ${address}: ${edit}`],
  )
  const decisions = [...new Set(needed.flatMap(({ decision }) => decision ?? []))]
  return [
    ...new Set(needed.flatMap(({ commands }) => commands)),
    ...(edits.length === 0
      ? []
      : [
          '# if no files declare these objects yet:',
          'warren export --live --single-project before-upgrade --out topologies/',
          'warren apply topologies/ --adopt',
          ...new Set(edits),
          ['warren apply topologies/', ...decisions].join(' '),
        ]),
    ...path.flatMap(({ series }) => [
      'rabbitmqctl enable_feature_flag all',
      ...(series === '4.3' ? ['rabbitmqctl enable_feature_flag khepri_db'] : []),
      `# upgrade all nodes to ${series}`,
    ]),
  ]
}
