import { parameterKeys } from '../../model/broker-tables/parameter-keys.ts'

/** A plugin by the name under which a user enables it, and the plugins that contain or require it. */
interface Plugin {
  readonly name: string
  readonly broughtBy: RegExp
}

const SHOVEL: Plugin = { name: 'rabbitmq_shovel', broughtBy: /^rabbitmq_shovel/ }
/** Later versions have separate plugins for exchanges and queues, and one that both require. */
const FEDERATION: Plugin = { name: 'rabbitmq_federation', broughtBy: /^rabbitmq_(?:exchange_|queue_)?federation/ }
const SHARDING: Plugin = { name: 'rabbitmq_sharding', broughtBy: /^rabbitmq_sharding/ }

/** By component of parameters, and by key of policies. */
const NEEDED: Readonly<Record<string, Plugin>> = {
  shovel: SHOVEL,
  'federation-upstream': FEDERATION,
  'federation-upstream-set': FEDERATION,
  'federation-upstream-pattern': FEDERATION,
  'routing-key': SHARDING,
  'shards-per-node': SHARDING,
}

/** All plugins of RabbitMQ 3.10 to 4.3. Only those of `NEEDED` provide components of parameters. */
const OF_RABBITMQ = new Set(
  (
    'amqp1_0 auth_backend_cache auth_backend_http auth_backend_internal_loopback auth_backend_ldap auth_backend_oauth2 ' +
    'auth_mechanism_ssl aws consistent_hash_exchange event_exchange exchange_federation federation federation_common ' +
    'federation_management federation_prometheus jms_topic_exchange management management_agent mqtt peer_discovery_aws ' +
    'peer_discovery_common peer_discovery_consul peer_discovery_etcd peer_discovery_k8s prometheus queue_federation ' +
    'random_exchange recent_history_exchange sharding shovel shovel_management shovel_prometheus stomp stream stream_common ' +
    'stream_management top tracing trust_store web_dispatch web_mqtt web_mqtt_examples web_stomp web_stomp_examples'
  )
    .split(' ')
    .map((each) => `rabbitmq_${each}`),
)

/** Whether a plugin comes with RabbitMQ. */
export function isOfRabbitmq(plugin: string): boolean {
  return OF_RABBITMQ.has(plugin)
}

/** Components of RabbitMQ and its plugins that the tables do not contain (rabbit_registry). */
const OTHER_COMPONENTS = new Set(['exchange-delete-in-progress', 'federation', 'imported_definition_hash'])

/**
 * Whether a broker certainly lacks a component: the tables do not contain it, and every enabled plugin is one of
 * RabbitMQ's own.
 *
 * @param enabled the explicitly enabled plugins; undefined if unknown
 */
export function isUnknownComponent(enabled: readonly string[] | undefined, component: string): boolean {
  if (enabled === undefined || parameterKeys(component) !== undefined || OTHER_COMPONENTS.has(component)) return false
  return enabled.every((each) => OF_RABBITMQ.has(each))
}

/**
 * The plugin that a component of parameters or a policy key needs, if the broker does not run it.
 *
 * @param plugins the running ones; undefined if unknown
 */
export function missingPlugin(plugins: readonly string[] | undefined, what: string): string | undefined {
  const needed = Object.hasOwn(NEEDED, what) ? NEEDED[what] : undefined
  if (needed === undefined || plugins === undefined) return undefined
  return plugins.some((each) => needed.broughtBy.test(each)) ? undefined : needed.name
}
