import type { Check } from './check.ts'
import { blockedConnections } from './checks/clients/blocked-connections.ts'
import { churn } from './checks/clients/churn.ts'
import { loginRights } from './checks/clients/login-rights.ts'
import { noHeartbeat } from './checks/clients/no-heartbeat.ts'
import { alarm } from './checks/nodes/alarm.ts'
import { criticalNode } from './checks/nodes/critical-node.ts'
import { headroom } from './checks/nodes/headroom.ts'
import { nodeDown } from './checks/nodes/node-down.ts'
import { quorumMajority } from './checks/nodes/quorum-majority.ts'
import { unbalancedLeaders } from './checks/nodes/unbalanced-leaders.ts'
import { consumersMissing } from './checks/queues/consumers-missing.ts'
import { deadLetters } from './checks/queues/dead-letters.ts'
import { depth } from './checks/queues/depth.ts'
import { heldDeadLetters } from './checks/queues/held-dead-letters.ts'
import { oldestMessage } from './checks/queues/oldest-message.ts'
import { stuckDelays } from './checks/queues/stuck-delays.ts'
import { unacknowledged } from './checks/queues/unacknowledged.ts'

/** All checks, those about nodes first. docs/reference/doctor-checks.md has a section for each. */
export const CHECKS: readonly Check[] = [
  alarm,
  nodeDown,
  headroom,
  quorumMajority,
  criticalNode,
  unbalancedLeaders,
  depth,
  oldestMessage,
  consumersMissing,
  unacknowledged,
  deadLetters,
  heldDeadLetters,
  stuckDelays,
  blockedConnections,
  noHeartbeat,
  churn,
  loginRights,
]
