import type { VersionRange } from '../../../src/model/broker-version.ts'

/**
 * The lists in the sources of all releases of RabbitMQ from 3.10.0 to 4.3.5. For each key, the first release that
 * contains it and, after `..`, the first one without it. A key that was added again has several pairs.
 */
function parse(lines: string): ReadonlyMap<string, readonly VersionRange[]> {
  const rows = lines.trim().split('\n').filter(Boolean)
  return new Map(
    rows.map((row) => {
      const [key = '', ...ranges] = row.split(' ')
      return [key, ranges.map(rangeOf)] as const
    }),
  )
}

function rangeOf(text: string): VersionRange {
  const [since = '', until] = text.split('..')
  return { since, ...(until !== undefined && { until }) }
}

/** `rabbit_amqqueue:declare_args` and the `queue_arguments` of the queue types. */
export const QUEUE_ARGUMENTS_IN_SOURCE =
  'x-expires x-message-ttl x-dead-letter-exchange x-dead-letter-routing-key x-dead-letter-strategy x-max-length x-max-length-bytes x-max-in-memory-length x-max-in-memory-bytes x-max-priority x-overflow x-queue-mode x-queue-version x-single-active-consumer x-quorum-initial-group-size x-max-age x-stream-max-segment-size-bytes x-stream-filter-size-bytes x-initial-cluster-size x-queue-leader-locator x-queue-master-locator x-delivery-limit x-consumer-timeout x-consumer-disconnected-timeout x-delayed-retry-type x-delayed-retry-min x-delayed-retry-max'.split(
    ' ',
  )

/** Every registration of a `policy_validator`. */
export const POLICY_KEYS_IN_SOURCE = parse(`
alternate-exchange 3.10.0
consumer-disconnected-timeout 4.3.0
consumer-timeout 3.12.0
dead-letter-exchange 3.10.0
dead-letter-routing-key 3.10.0
dead-letter-strategy 3.10.0
delayed-retry-max 4.3.1
delayed-retry-min 4.3.1
delayed-retry-type 4.3.1
delivery-limit 3.10.0
expires 3.10.0
federation-upstream 3.10.0
federation-upstream-pattern 3.10.0
federation-upstream-set 3.10.0
ha-mode 3.10.0..4.0.0
ha-params 3.10.0..4.0.0
ha-promote-on-failure 3.10.0..4.0.0
ha-promote-on-shutdown 3.10.0..4.0.0
ha-sync-batch-size 3.10.0..4.0.0
ha-sync-mode 3.10.0..4.0.0
initial-cluster-size 3.10.0
max-age 3.10.0
max-in-memory-bytes 3.10.0
max-in-memory-length 3.10.0
max-length 3.10.0
max-length-bytes 3.10.0
message-ttl 3.10.0
overflow 3.10.0
queue-leader-locator 3.10.0
queue-master-locator 3.10.0
queue-mode 3.10.0
queue-version 3.10.0
routing-key 3.10.0
shards-per-node 3.10.0
stream-filter-size-bytes 3.13.0
stream-max-segment-size-bytes 3.10.0
target-group-size 3.13.0
`)

/** Every registration of an `operator_policy_validator`. */
export const OPERATOR_KEYS_IN_SOURCE = parse(`
delayed-retry-max 4.3.1
delayed-retry-min 4.3.1
delayed-retry-type 4.3.1
delivery-limit 3.10.0
expires 3.10.0
ha-mode 3.11.10..4.0.0
ha-params 3.11.10..4.0.0
ha-sync-mode 3.11.15..4.0.0
max-in-memory-bytes 3.10.0
max-in-memory-length 3.10.0
max-length 3.10.0
max-length-bytes 3.10.0
message-ttl 3.10.0
overflow 3.12.7
queue-master-locator 4.0.0
queue-version 3.11.24..3.12.0 3.12.7
target-group-size 3.13.0
`)

/** The keys of shovels: those of every shovel, and those of each protocol at either end. */
export const SHOVEL_KEYS_IN_SOURCE = {
  all: parse(`
ack-mode 3.10.0
dest-protocol 3.10.0
internal 4.2.0
internal_owner 4.2.0
reconnect-delay 3.10.0
src-protocol 3.10.0
`),
  amqp091: parse(`
add-forward-headers 3.10.0
add-timestamp-header 3.10.0
delete-after 3.10.0
dest-add-forward-headers 3.10.0
dest-add-timestamp-header 3.10.0
dest-exchange 3.10.0
dest-exchange-key 3.10.0
dest-predeclared 4.0.0
dest-publish-properties 3.10.0
dest-queue 3.10.0
dest-queue-args 3.10.0
dest-uri 3.10.0
prefetch-count 3.10.0
publish-properties 3.10.0
src-consumer-args 3.10.0
src-consumer-name 4.3.0
src-delete-after 3.10.0
src-delete-after-duration 4.3.5
src-exchange 3.10.0
src-exchange-key 3.10.0
src-predeclared 4.0.0
src-prefetch-count 3.10.0
src-queue 3.10.0
src-queue-args 3.10.0
src-uri 3.10.0
`),
  amqp10: parse(`
dest-add-forward-headers 3.10.0
dest-add-timestamp-header 3.10.0
dest-address 3.10.0
dest-application-properties 3.10.0
dest-message-annotations 3.10.0
dest-predeclared 4.3.0
dest-properties 3.10.0
dest-uri 3.10.0
src-address 3.10.0
src-consumer-args 4.3.3
src-consumer-name 4.3.0
src-delete-after 3.10.0
src-delete-after-duration 4.3.5
src-predeclared 4.3.0
src-prefetch-count 3.10.0
src-uri 3.10.0
`),
  local: parse(`
dest-add-forward-headers 4.2.0
dest-add-timestamp-header 4.2.0
dest-exchange 4.2.0
dest-exchange-key 4.2.0
dest-predeclared 4.2.0
dest-queue 4.2.0
dest-queue-args 4.2.0
dest-uri 4.2.0
src-consumer-args 4.2.0
src-consumer-name 4.3.0
src-delete-after 4.2.0
src-delete-after-duration 4.3.5
src-exchange 4.2.0
src-exchange-key 4.2.0
src-predeclared 4.2.0
src-queue 4.2.0
src-queue-args 4.2.0
src-uri 4.2.0
`),
} as const

/** The keys of upstreams (`uri`), and of the members of upstream sets (`upstream`). */
export const UPSTREAM_KEYS_IN_SOURCE = parse(`
ack-mode 3.10.0
bind-nowait 3.10.0
channel-use-mode 3.10.0
consumer-tag 3.10.0
exchange 3.10.0
expires 3.10.0
ha-policy 3.10.0..3.13.1
max-hops 3.10.0
message-ttl 3.10.0
prefetch-count 3.10.0
queue 3.10.0
queue-type 3.13.1
reconnect-delay 3.10.0
resource-cleanup-mode 3.10.0
trust-user-id 3.10.0
upstream 3.10.0
uri 3.10.0
`)

/** The keys of `unsupported_policies` of only some releases. */
export const UNSUPPORTED_POLICIES_OF_SOME_RELEASES = {
  classic: parse(`
max-in-memory-bytes 3.12.7
max-in-memory-length 3.12.7
queue-leader-locator 3.10.0..4.0.0
`),
  quorum: parse(''),
  stream: parse(''),
} as const

/**
 * `unsupported_policies`, without keys that no policy can have: the keys of all releases, and `target-group-size`,
 * because a release without this key accepted it in no policy.
 */
export const UNSUPPORTED_POLICIES_IN_SOURCE = {
  classic:
    'max-age stream-max-segment-size-bytes initial-cluster-size delivery-limit dead-letter-strategy target-group-size',
  quorum:
    'queue-mode ha-mode ha-params ha-sync-mode ha-promote-on-shutdown ha-promote-on-failure queue-master-locator max-age stream-max-segment-size-bytes initial-cluster-size',
  stream:
    'expires message-ttl dead-letter-exchange dead-letter-routing-key max-length max-in-memory-length max-in-memory-bytes overflow queue-mode delivery-limit ha-mode ha-params ha-sync-mode ha-promote-on-shutdown ha-promote-on-failure queue-master-locator dead-letter-strategy target-group-size',
}
