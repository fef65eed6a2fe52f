import type { HandOver } from '../../src/model/desired.ts'
import { KINDS, type Topology } from '../../src/model/topology.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { DEFAULT_MODE, type PlanMode } from '../../src/plan/plan-mode.ts'
import type { PlannedTopology } from '../../src/plan/planned-topology.ts'
import type { Plan } from '../../src/plan/plan.ts'

/** The plan that turns one topology into another. */
export function planOf(
  live: Topology,
  desired: Topology,
  { project = 'shop', ...around }: Partial<PlannedTopology> & { readonly project?: string } = {},
  mode: Partial<PlanMode> = {},
  handOver?: HandOver,
): Plan {
  return makePlan({
    project,
    ...(handOver && { handOver }),
    files: { paths: ['topology.yaml'], count: 1, overlays: [] },
    desired,
    live: {
      broker: {
        name: 'rabbit@test',
        version: '4.3.6',
        url: 'http://mq.test:15672',
        exchangeTypes: ['direct', 'fanout', 'headers', 'topic'],
        forbidsOperatorPolicies: false,
        deniedFeatures: [],
      },
      topology: live,
      login: { user: 'warren' },
      untouchable: new Set(),
      messages: new Map(),
      kindsRead: new Set(KINDS),
      ...around,
    },
    mode: { ...DEFAULT_MODE, ...mode },
  })
}
