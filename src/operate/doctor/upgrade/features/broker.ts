import { countOf } from '../../../../diagnostics/text/count-of.ts'
import { recognizeFrameworks } from '../../../../insight/frameworks/recognize-frameworks.ts'
import { isOfRabbitmq } from '../../../../plan/broker-support/missing-plugin.ts'
import type { UpgradeContext } from '../upgrade-context.ts'
import type { UpgradeIssue } from '../upgrade-issue.ts'

/** The requirements of nodes before an upgrade: feature flags, and builds of plugins that do not come with RabbitMQ. */
export function* changedBroker(context: UpgradeContext): Iterable<UpgradeIssue> {
  const [first] = context.path
  if (first === undefined) return
  // Khepri is enabled on 4.2 at the earliest: there is no upgrade from 3.13 with it.
  for (const subject of (context.disabledFlags ?? []).filter((flag) => flag !== 'khepri_db')) {
    yield {
      feature: 'feature-flags',
      effect: 'refused',
      since: first.series,
      stage: 'broker',
      subject,
      message: 'the feature flag is not enabled, and a node of the next series does not start without it',
      advice: 'enable it before the upgrade; it cannot be disabled again',
      commands: [`rabbitmqctl enable_feature_flag ${subject}`],
    }
  }
  for (const subject of (context.snapshot.live.broker.enabledPlugins ?? []).filter((each) => !isOfRabbitmq(each))) {
    yield {
      feature: 'other-plugins',
      effect: 'refused',
      since: first.series,
      stage: 'broker',
      subject,
      message: 'the plugin does not come with RabbitMQ, and each series needs a build of its own',
      advice: 'look for a build for every series of the path; without one, remove what depends on the plugin',
      commands: [],
    }
  }
  yield* frameworks(context, first.series)
}

/**
 * Frameworks declare their objects when their programs start, so old versions of a program undo a fix on the broker.
 */
function* frameworks({ topology }: UpgradeContext, since: string): Iterable<UpgradeIssue> {
  const objects = [...recognizeFrameworks(topology).values()]
  for (const framework of [...new Set(objects.map((each) => each.framework))].toSorted()) {
    const count = objects.filter((each) => each.framework === framework).length
    yield {
      feature: 'frameworks',
      effect: 'changed',
      since,
      stage: 'programs',
      optional: true,
      subject: framework,
      message: `${countOf(count, 'object')} ${count === 1 ? 'looks' : 'look'} like those of ${framework}, whose programs declare them again in their old form when they start`,
      advice: `update ${framework}, or turn its declarations off (docs/how-to/adopt/stop-declaring.md) before a queue is replaced`,
      commands: [],
    }
  }
}
