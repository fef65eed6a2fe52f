import { unsupportedPolicy } from '../../../../plan/broker-support/unsupported-policy.ts'
import type { Unsupported } from '../../../../plan/broker-support/abilities.ts'
import { about, type Rule } from '../../rule.ts'

export const policyRefused: Rule = {
  id: 'policy-refused',
  group: 'versions',
  severity: 'error',
  meaning: 'This version of the broker refuses a policy, or does not know one of its keys.',
  remedy: 'Remove the key, or use its replacement in this version.',
  *check({ topology, version }) {
    // Plugins and settings of the broker are unknown here.
    const broker = { version, exchangeTypes: [], forbidsOperatorPolicies: false, deniedFeatures: [] }
    for (const kind of ['policy', 'operator-policy'] as const) {
      const policies = kind === 'policy' ? topology.policies : topology.operatorPolicies
      for (const policy of policies) {
        const problem = policy.external ? undefined : unsupportedPolicy(kind, broker, policy)
        if (problem === undefined) continue
        yield about(kind, policy, `policy "${policy.name}": RabbitMQ ${version} ${wordsOf(problem)}`)
      }
    }
  },
}

function wordsOf(problem: Unsupported): string {
  if (problem.kind === 'apply-to')
    return `does not support apply-to ${problem.applyTo}, which came with ${problem.since}`
  if (problem.kind === 'policy-key-removed') return `has no ${problem.key}: it was removed in ${problem.since}`
  if (problem.kind === 'policy-key-unknown') return `has no ${problem.key}, which came with ${problem.since}`
  if (problem.kind === 'no-operator-policy-key') return `does not accept ${problem.key} in an operator policy`
  if (problem.kind === 'policy-value-refused') {
    return `refuses ${problem.value} for ${problem.key}, which has to be ${problem.expected}`
  }
  return 'refuses it'
}
