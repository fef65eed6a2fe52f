import { shellWord } from '../../../diagnostics/text/shell-word.ts'
import type { Permission, Policy } from '../../../model/topology.ts'

/** The command that writes a policy without some keys, or deletes it if none is left. */
export function policyWithout(kind: 'policy' | 'operator-policy', policy: Policy, keys: ReadonlySet<string>): string {
  const definition = Object.fromEntries(Object.entries(policy.definition).filter(([key]) => !keys.has(key)))
  const name = kind === 'policy' ? 'policy' : 'operator_policy'
  if (Object.keys(definition).length === 0) {
    return `rabbitmqctl clear_${name} -p ${shellWord(policy.vhost)} ${shellWord(policy.name)}`
  }
  return setPolicy(kind, { ...policy, definition })
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
  const shown = [configure, write, read].map((each) => (Buffer.byteLength(each) > 200 ? 'SHORTER' : shellWord(each)))
  return `rabbitmqctl set_permissions -p ${shellWord(vhost)} ${shellWord(user)} ${shown.join(' ')}`
}

/** The option with which an apply replaces a queue and keeps its messages. */
export function decisionToReplace(address: string): string {
  return `--migrate ${address}`
}
