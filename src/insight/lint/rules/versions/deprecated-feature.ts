import { isAtLeast } from '../../../../model/broker-version.ts'
import type { Policy } from '../../../../model/topology.ts'
import { about, type Rule } from '../../rule.ts'

/** RabbitMQ docs, Deprecated Features: reported as deprecated from this version on. */
const TRANSIENT_DEPRECATED_SINCE = '4.0.0'
/** RabbitMQ docs, Classic Queue Mirroring: deprecated since 3.9, removed in 4.0. */
const MIRRORING_REMOVED_IN = '4.0.0'

export const deprecatedFeature: Rule = {
  id: 'deprecated-feature',
  group: 'versions',
  severity: 'warning',
  meaning: 'An object needs a feature that this version deprecates and a later version removes or denies.',
  remedy: 'Make transient queues durable or exclusive, and replace mirrored queues with quorum queues.',
  *check({ topology, version }) {
    if (isAtLeast(version, TRANSIENT_DEPRECATED_SINCE)) {
      for (const queue of topology.queues) {
        if (queue.durable || queue.external) continue
        yield about(
          'queue',
          queue,
          `queue "${queue.name}" is neither durable nor exclusive, which RabbitMQ deprecates (transient_nonexcl_queues)`,
          'make it durable, with expires where it is temporary, or let each program declare an exclusive one',
        )
      }
    } else {
      for (const policy of topology.policies) {
        if (policy.external || !isMirroring(policy)) continue
        yield about(
          'policy',
          policy,
          `policy "${policy.name}" mirrors classic queues, which RabbitMQ ${MIRRORING_REMOVED_IN} no longer does`,
          'use quorum queues where messages have to survive the loss of a node',
        )
      }
    }
  },
}

function isMirroring({ definition }: Policy): boolean {
  return Object.hasOwn(definition, 'ha-mode')
}
