import { atLeastOnceWithoutRejectPublish } from './rules/loss/at-least-once-without-reject-publish.ts'
import { classicDelayLoses } from './rules/loss/classic-delay-loses.ts'
import { consumerTimeoutExceeded } from './rules/loss/consumer-timeout-exceeded.ts'
import { delayQueueMayExpire } from './rules/loss/delay-queue-may-expire.ts'
import { expirationIntoDelayQueue } from './rules/loss/expiration-into-delay-queue.ts'
import { persistentIntoTransient } from './rules/loss/persistent-into-transient.ts'
import { policiesOfEqualPriority } from './rules/loss/policies-of-equal-priority.ts'
import { policyCapturesDerived } from './rules/loss/policy-captures-derived.ts'
import { policyTakesKeysAway } from './rules/loss/policy-takes-keys-away.ts'
import { quorumQueueDropsReturned } from './rules/loss/quorum-queue-drops-returned.ts'
import { unboundedQueue } from './rules/loss/unbounded-queue.ts'
import { workQueueDropsHead } from './rules/loss/work-queue-drops-head.ts'
import { allowedExchangeTypes } from './rules/policy/allowed-exchange-types.ts'
import { allowedPrefixes } from './rules/policy/allowed-prefixes.ts'
import { allowedQueueTypes } from './rules/policy/allowed-queue-types.ts'
import { capacity } from './rules/policy/capacity.ts'
import { forbidWildcardPermissions } from './rules/policy/forbid-wildcard-permissions.ts'
import { maxQueues } from './rules/policy/max-queues.ts'
import { maxTtl } from './rules/policy/max-ttl.ts'
import { naming } from './rules/policy/naming.ts'
import { requireDeadLetter } from './rules/policy/require-dead-letter.ts'
import { requireLabels } from './rules/policy/require-labels.ts'
import { requireLimits } from './rules/policy/require-limits.ts'
import { requireMessageSchema } from './rules/policy/require-message-schema.ts'
import { guestUser } from './rules/rights/guest-user.ts'
import { literalSecret } from './rules/rights/literal-secret.ts'
import { permissionNotAnchored } from './rules/rights/permission-not-anchored.ts'
import { rightsExceedRoutes } from './rules/rights/rights-exceed-routes.ts'
import { routeWithoutRights } from './rules/rights/route-without-rights.ts'
import { wildcardPermission } from './rules/rights/wildcard-permission.ts'
import { alternateExchangeLeadsNowhere } from './rules/routing/alternate-exchange-leads-nowhere.ts'
import { bindingNeverMatches } from './rules/routing/binding-never-matches.ts'
import { bindingRedundant } from './rules/routing/binding-redundant.ts'
import { deadLetterCycle } from './rules/routing/dead-letter-cycle.ts'
import { deadLetterLoop } from './rules/routing/dead-letter-loop.ts'
import { deadLettersLeadNowhere } from './rules/routing/dead-letters-lead-nowhere.ts'
import { exchangeNotPublished } from './rules/routing/exchange-not-published.ts'
import { messageVersionNotAccepted } from './rules/routing/message-version-not-accepted.ts'
import { publicationReachesNoQueue } from './rules/routing/publication-reaches-no-queue.ts'
import { queueNotConsumed } from './rules/routing/queue-not-consumed.ts'
import { retryNotAscending } from './rules/routing/retry-not-ascending.ts'
import { retryOutlivesQueue } from './rules/routing/retry-outlives-queue.ts'
import { retryReturnsNowhere } from './rules/routing/retry-returns-nowhere.ts'
import { bindingKeyRefused } from './rules/versions/binding-key-refused.ts'
import { deadLetterCycleByVersion } from './rules/versions/dead-letter-cycle-by-version.ts'
import { deprecatedFeature } from './rules/versions/deprecated-feature.ts'
import { hashHeaderMissing } from './rules/versions/hash-header-missing.ts'
import { headersBindingComparesNestedNumbers } from './rules/versions/headers-binding-compares-nested-numbers.ts'
import { policyRefused } from './rules/versions/policy-refused.ts'
import { queueArgumentIgnored } from './rules/versions/queue-argument-ignored.ts'
import { queueArgumentRefused } from './rules/versions/queue-argument-refused.ts'
import { targetGroupSizeIsLarger } from './rules/versions/target-group-size-is-larger.ts'
import { unknownToBroker } from './rules/versions/unknown-to-broker.ts'
import type { Rule, RuleText } from './rule.ts'

/** All rules, by group. */
export const RULES: readonly Rule[] = [
  alternateExchangeLeadsNowhere,
  bindingNeverMatches,
  bindingRedundant,
  deadLetterCycle,
  deadLetterLoop,
  deadLettersLeadNowhere,
  exchangeNotPublished,
  messageVersionNotAccepted,
  publicationReachesNoQueue,
  queueNotConsumed,
  retryNotAscending,
  retryOutlivesQueue,
  retryReturnsNowhere,
  atLeastOnceWithoutRejectPublish,
  classicDelayLoses,
  consumerTimeoutExceeded,
  delayQueueMayExpire,
  expirationIntoDelayQueue,
  persistentIntoTransient,
  policiesOfEqualPriority,
  policyCapturesDerived,
  policyTakesKeysAway,
  quorumQueueDropsReturned,
  unboundedQueue,
  workQueueDropsHead,
  guestUser,
  literalSecret,
  permissionNotAnchored,
  rightsExceedRoutes,
  routeWithoutRights,
  wildcardPermission,
  bindingKeyRefused,
  deadLetterCycleByVersion,
  deprecatedFeature,
  hashHeaderMissing,
  headersBindingComparesNestedNumbers,
  policyRefused,
  queueArgumentIgnored,
  queueArgumentRefused,
  targetGroupSizeIsLarger,
  unknownToBroker,
  allowedExchangeTypes,
  allowedPrefixes,
  allowedQueueTypes,
  capacity,
  forbidWildcardPermissions,
  maxQueues,
  maxTtl,
  naming,
  requireDeadLetter,
  requireLabels,
  requireLimits,
  requireMessageSchema,
]

/** The rules about the comments and entries that accept findings. */
export const IGNORE_RULES = {
  unused: {
    id: 'unused-ignore',
    group: 'ignores',
    severity: 'warning',
    meaning: 'A comment `# warren-ignore` or an entry of `lint.ignore` does not silence any finding.',
    remedy: 'Remove the comment or entry, or correct the name of the rule or the address.',
  },
  withoutReason: {
    id: 'ignore-without-reason',
    group: 'ignores',
    severity: 'warning',
    meaning: 'A comment `# warren-ignore RULE` has no reason, so it does not silence anything.',
    remedy: 'Write why the finding is accepted: `# warren-ignore RULE: reason`.',
  },
} as const satisfies Readonly<Record<string, RuleText>>
