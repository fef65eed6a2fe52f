/**
 * The lists in the source of RabbitMQ v3.10.8, v4.0.5 and main of August 2026 (4.3): `rabbit_amqqueue:declare_args`, the
 * `queue_arguments` and `unsupported_policies` of the queue types, and every registration of a policy validator.
 */
export const QUEUE_ARGUMENTS_IN_SOURCE =
  'x-expires x-message-ttl x-dead-letter-exchange x-dead-letter-routing-key x-dead-letter-strategy x-max-length x-max-length-bytes x-max-in-memory-length x-max-in-memory-bytes x-max-priority x-overflow x-queue-mode x-queue-version x-single-active-consumer x-quorum-initial-group-size x-max-age x-stream-max-segment-size-bytes x-stream-filter-size-bytes x-initial-cluster-size x-queue-leader-locator x-queue-master-locator x-delivery-limit x-consumer-timeout x-consumer-disconnected-timeout x-delayed-retry-type x-delayed-retry-min x-delayed-retry-max'.split(
    ' ',
  )

export const POLICY_KEYS_IN_SOURCE =
  'alternate-exchange consumer-disconnected-timeout consumer-timeout dead-letter-exchange dead-letter-routing-key dead-letter-strategy message-ttl expires max-length max-length-bytes max-in-memory-length max-in-memory-bytes queue-mode queue-version overflow delivery-limit max-age stream-max-segment-size-bytes stream-filter-size-bytes queue-leader-locator initial-cluster-size queue-master-locator ha-mode ha-params ha-sync-mode ha-sync-batch-size ha-promote-on-shutdown ha-promote-on-failure target-group-size delayed-retry-type delayed-retry-min delayed-retry-max federation-upstream federation-upstream-set federation-upstream-pattern shards-per-node'.split(
    ' ',
  )

export const OPERATOR_KEYS_IN_SOURCE =
  'expires message-ttl max-length max-length-bytes max-in-memory-length max-in-memory-bytes delivery-limit queue-version overflow queue-master-locator ha-mode ha-params ha-sync-mode target-group-size delayed-retry-type delayed-retry-min delayed-retry-max'.split(
    ' ',
  )

/** `unsupported_policies`, without keys that no policy can have. */
export const UNSUPPORTED_POLICIES_IN_SOURCE = {
  classic:
    'max-age stream-max-segment-size-bytes initial-cluster-size delivery-limit dead-letter-strategy max-in-memory-length max-in-memory-bytes target-group-size',
  quorum:
    'queue-mode ha-mode ha-params ha-sync-mode ha-promote-on-shutdown ha-promote-on-failure queue-master-locator max-age stream-max-segment-size-bytes initial-cluster-size',
  stream:
    'expires message-ttl dead-letter-exchange dead-letter-routing-key max-length max-in-memory-length max-in-memory-bytes overflow queue-mode delivery-limit ha-mode ha-params ha-sync-mode ha-promote-on-shutdown ha-promote-on-failure queue-master-locator dead-letter-strategy target-group-size',
}
