import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { lintTopology } from '../../../src/insight/lint/lint.ts'
import { NO_SETTINGS } from '../../../src/insight/lint/lint-settings.ts'
import { existingBroker } from '../../builders/frameworks/existing-broker.ts'

const FOLDER = join(import.meta.dirname, '../../../topologies')
const EXAMPLES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))

describe('lint of existing topologies', () => {
  it.each(EXAMPLES)('finds nothing in %s', async (name) => {
    const environment = new Proxy({}, { get: () => 'value', has: () => true })
    const { desired, findings: warnings } = await loadTopology({ paths: [join(FOLDER, name)], environment })
    if (desired === undefined) throw new Error(`${name} is invalid`)

    expect(lintTopology({ ...desired, version: '4.3.6', warnings }, NO_SETTINGS).findings).toEqual([])
  })

  // Each of these was checked against what the frameworks declare, and is right.
  it('finds no mistake in a broker of many frameworks that it does not have', () => {
    const { findings } = lintTopology({ topology: existingBroker(), version: '4.3.6' }, NO_SETTINGS)

    expect(findings.map(({ rule, address }) => `${rule} ${address}`)).toEqual([
      'binding-redundant binding:%2F/exports/queue/exports/exports',
      ...['invoices', 'orders', 'refunds', 'returns'].map(
        (name) => `binding-redundant binding:%2F/${name}.events/queue/${name}/${name}.placed`,
      ),
      'wildcard-permission permission:%2F/shop',
      'policy-takes-keys-away policy:%2F/team-ttl',
      ...['Shop.Audit', 'Shop.Billing', 'Shop.Shipping', 'exports'].map(
        (name) => `quorum-queue-drops-returned queue:%2F/${name}`,
      ),
    ])
  })
})
