import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** Less than 60 seconds on an idle machine. On a busy one, nodes and processes start slowly. */
const TIMEOUT = 600_000
const PROJECT = join(import.meta.dirname, '../../..')

interface SoakReport {
  readonly confirmed: number
  readonly lost: number
  readonly faults: Readonly<Record<string, number>>
  readonly reasons: Readonly<Record<string, number>>
  readonly producers: readonly { readonly outcomes: Readonly<Record<string, number>> }[]
}

it(
  'loses no confirmed message while workers are killed, connections closed and the network cut',
  { timeout: TIMEOUT },
  async ({ signal }) => {
    const faults = ['kill a worker', 'close connections by the management API', 'cut the network', 'slow the network']
    const args = ['scripts/soak/run.js', '--seconds', '10', '--nodes', '1', '--pause', '1', '--producers', '1']
    const all = [...args, '--workers', '2', ...faults.flatMap((fault) => ['--fault', fault])]
    const { stdout } = await promisify(execFile)(process.execPath, all, { cwd: PROJECT, signal })

    const report = JSON.parse(stdout) as SoakReport
    expect(report.lost).toBe(0)
    expect(report.confirmed).toBeGreaterThan(0)
    expect(Object.keys(report.faults).length).toBeGreaterThan(0)
    expect(Object.keys(report.reasons)).toEqual(['error'])
    const [{ outcomes } = { outcomes: {} }] = report.producers
    expect(outcomes['answered']).toBeGreaterThan(0)
    expect(outcomes).not.toHaveProperty('answered wrong')
  },
)
