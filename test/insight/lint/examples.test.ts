import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { lintTopology } from '../../../src/insight/lint/lint.ts'
import { NO_SETTINGS } from '../../../src/insight/lint/lint-settings.ts'
import { snapshotOfDefinitions } from '../../../src/broker/snapshot/snapshot-of-definitions.ts'
import { BROKER_CASES } from '../../builders/definitions/broker-cases.ts'
import { PROJECT_CASES } from '../../builders/definitions/project-cases.ts'
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

  // Each of these was checked against the declarations of the frameworks, and is correct.
  it('finds no mistake in a broker with objects of many frameworks', () => {
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

  // Each of these findings was checked, and is right.
  it('finds exactly the mistakes in files modeled on public ones', () => {
    const found = [...BROKER_CASES, ...PROJECT_CASES].flatMap(({ file, after }) => {
      const vhosts = 'vhosts' in file ? undefined : ['/']
      const options = { path: after, ...(vhosts && { vhosts }) }
      const snapshot = snapshotOfDefinitions(JSON.parse(JSON.stringify(file)), options)
      if ('finding' in snapshot) throw new Error(snapshot.finding.code)
      const { source, live } = snapshot
      const version = source.kind === 'definitions' && source.version !== '' ? source.version : '4.3.6'
      const { findings } = lintTopology({ topology: live.topology, version }, NO_SETTINGS)
      return findings.map(({ rule, address }) => `${rule} ${address}`)
    })

    expect(found).toEqual([
      'wildcard-permission permission:%2F/project_admin',
      'deprecated-feature policy:%2F/d-s',
      'deprecated-feature policy:%2F/replicas',
      'quorum-queue-drops-returned queue:protected/q',
      'dead-letters-lead-nowhere queue:sda/archived',
      'quorum-queue-drops-returned queue:czertainly/core.audit',
    ])
  })
})
