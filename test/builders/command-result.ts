import { finding } from '../../src/diagnostics/findings/finding.ts'
import type { CommandResult, RunResult } from '../../src/render/result/command-result.ts'
import { exchange, queue, topology } from './objects.ts'
import { planOf } from './plan-of.ts'

const at = (line: number) => ({ origin: { file: 'shop/topology.yaml', line, column: 3 } })

/** A plan that creates an exchange, and is blocked because it would replace a queue with 1,204 messages. */
export const blockedPlan = planOf(
  topology({ queues: [queue('invoices')] }),
  topology({
    exchanges: [exchange('events', { type: 'topic', ...at(4) })],
    queues: [queue('invoices', { type: 'quorum', ...at(31) })],
  }),
  { messages: new Map([['queue:%2F/invoices', 1204]]) },
)

/** An error with a line and a hint, and with characters that formats escape. */
export const wrongKey = finding(
  'unknown-key',
  { key: 'a<b>|"c", 100%', allowed: ['type'], suggestion: 'type' },
  { file: 'shop/with space.yaml', line: 2, column: 5, length: 3 },
)

/** A result with one run for each given part. */
export function commandResult(command: string, ...runs: readonly Partial<RunResult>[]): CommandResult {
  return { command, runs: runs.map((run) => ({ findings: [], sources: new Map(), ...run })) }
}
