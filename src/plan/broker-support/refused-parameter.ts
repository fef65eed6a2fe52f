import { parameterProblems } from '../../model/broker-tables/parameter-problem.ts'
import { describeRule } from '../../model/broker-tables/value-rule.ts'
import { revealCredentials } from '../../model/secrets/mask-credentials.ts'
import type { Parameter } from '../../model/topology.ts'
import type { Abilities, Unsupported } from './abilities.ts'

/**
 * The part of a plugin's parameter that this version of the broker refuses, by the tables. It quotes no part of the
 * value.
 */
export function refusedParameter({ version }: Abilities, { component, value }: Parameter): Unsupported | undefined {
  const [first] = parameterProblems(component, revealCredentials(value), version)
  if (first === undefined) return undefined
  const { path, problem } = first
  const key = path.findLast((each) => typeof each === 'string')
  const refused = { kind: 'parameter-refused', component, ...(key !== undefined && { key }) } as const
  switch (problem.kind) {
    case 'value':
      return { ...refused, expected: describeRule(problem.expected) }
    case 'uri':
      return { ...refused, expected: `an AMQP URI: ${problem.reason}` }
    case 'unknown':
      return { ...refused, ...(problem.since !== undefined && { since: problem.since }) }
    case 'other-protocol':
      return { ...refused, excludes: `${problem.end}-protocol: ${problem.protocol}` }
    case 'missing':
      return { ...refused, needs: problem.keys.join(' or ') }
    case 'excludes':
      return { ...refused, excludes: problem.other }
  }
}
