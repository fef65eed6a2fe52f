import { shellWord } from '../../../diagnostics/text/shell-word.ts'
import type { Permission, Policy, TopicPermission } from '../../../model/topology.ts'

/** Stands for an expression that the user has to shorten. */
export const SHORTER = 'SHORTER'

/** The command that writes a policy, or deletes it if no key is left. */
export function replacePolicy(kind: 'policy' | 'operator-policy', policy: Policy): string {
  if (Object.keys(policy.definition).length > 0) return setPolicy(kind, policy)
  const name = kind === 'policy' ? 'policy' : 'operator_policy'
  return `rabbitmqctl clear_${name} -p ${shellWord(policy.vhost)} ${shellWord(policy.name)}`
}

/** The command that writes a policy. */
export function setPolicy(
  kind: 'policy' | 'operator-policy',
  { vhost, name, pattern, definition, priority, applyTo }: Policy,
): string {
  const command = kind === 'policy' ? 'set_policy' : 'set_operator_policy'
  const options = `-p ${shellWord(vhost)} --priority ${priority} --apply-to ${applyTo}`
  return `rabbitmqctl ${command} ${options} ${shellWord(name)} ${shellWord(pattern)} ${shellWord(JSON.stringify(definition))}`
}

/** The command that writes a permission, where the user has to fill in a shorter expression. */
export function permissionToShorten({ vhost, user, configure, write, read }: Permission): string {
  const shown = [configure, write, read].map(toShorten)
  return `rabbitmqctl set_permissions -p ${shellWord(vhost)} ${shellWord(user)} ${shown.join(' ')}`
}

/** The same for a topic permission. */
export function topicPermissionToShorten({ vhost, user, exchange, write, read }: TopicPermission): string {
  const shown = [write, read].map(toShorten)
  return `rabbitmqctl set_topic_permissions -p ${shellWord(vhost)} ${shellWord(user)} ${shellWord(exchange)} ${shown.join(' ')}`
}

function toShorten(expression: string): string {
  return Buffer.byteLength(expression) > 200 ? SHORTER : shellWord(expression)
}

/** The option with which an apply replaces a queue and keeps its messages. */
export function decisionToReplace(address: string): string {
  return `--migrate ${address}`
}
