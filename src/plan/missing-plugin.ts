/** A plugin as a user enables it, and the applications of which a node runs one when it has it. */
interface Plugin {
  readonly name: string
  readonly applications: readonly string[]
}

const SHOVEL: Plugin = { name: 'rabbitmq_shovel', applications: ['rabbitmq_shovel'] }
/** Later versions have a plugin for exchanges and one for queues, with one application in common. */
const FEDERATION: Plugin = {
  name: 'rabbitmq_federation',
  applications: ['rabbitmq_federation', 'rabbitmq_federation_common'],
}
const SHARDING: Plugin = { name: 'rabbitmq_sharding', applications: ['rabbitmq_sharding'] }

/** By component of parameters, and by key of policies. */
const NEEDED: Readonly<Record<string, Plugin>> = {
  shovel: SHOVEL,
  'federation-upstream': FEDERATION,
  'federation-upstream-set': FEDERATION,
  'federation-upstream-pattern': FEDERATION,
  'shards-per-node': SHARDING,
}

/**
 * The plugin that a component of parameters or a key of a policy needs and the broker does not run.
 *
 * @param applications what its nodes run; undefined when that is not known
 */
export function missingPlugin(applications: readonly string[] | undefined, what: string): string | undefined {
  const plugin = Object.hasOwn(NEEDED, what) ? NEEDED[what] : undefined
  if (plugin === undefined || applications === undefined) return undefined
  return plugin.applications.some((each) => applications.includes(each)) ? undefined : plugin.name
}
