/** A plugin as a user enables it, and the plugins that are it, hold it or bring it with them. */
interface Plugin {
  readonly name: string
  readonly broughtBy: RegExp
}

const SHOVEL: Plugin = { name: 'rabbitmq_shovel', broughtBy: /^rabbitmq_shovel/ }
/** Later versions have a plugin for exchanges, one for queues, and one that they share. */
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
