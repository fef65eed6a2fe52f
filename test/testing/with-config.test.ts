import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadDesired } from '../../src/operations/files/load-desired.ts'
import type { TopologyOptions } from '../../src/operations/session/options.ts'
import { type ConfigChoice, withConfig } from '../../src/testing/with-config.ts'
import { files } from '../integration/support/command-line.ts'

/** A repository with two projects in two environments. */
async function repository(): Promise<string> {
  return files({
    'warren.config.yaml': `warrenConfig: 1
projects:
  billing: { paths: [billing.yaml], overlays: { prod: [prod.yaml] } }
  shipping: { paths: [shipping.yaml] }
environments:
  test: { url: "\${env:NOT_SET}", variables: { limit: 5 }, vhosts: { /shop: /shop-test } }
  prod: { url: "\${env:NOT_SET}", variables: { limit: 7 } }
`,
    'billing.yaml': 'warren: 1\nproject: billing\nvhost: /shop\nqueues: { bills: { maxLength: "${var:limit}" } }\n',
    'shipping.yaml': 'warren: 1\nproject: shipping\nvhost: /shop\nqueues: { "parcels-${environment}": }\n',
    'prod.yaml': 'warren: 1\nvhost: /shop\nqueues: { audit: { new: true } }\n',
  })
}

async function queuesOf(choice: Partial<ConfigChoice>, own: Partial<TopologyOptions> = {}) {
  const folder = await repository()
  const options = await withConfig(
    { paths: [], ...own },
    { config: join(folder, 'warren.config.yaml'), project: undefined, ...choice },
  )
  const { topology } = await loadDesired(options)
  return topology.queues.map((queue) => [queue.vhost, queue.name, queue.arguments['x-max-length']])
}

describe('useTopology with a config', () => {
  it('takes files, overlays and variables of a project in an environment, and the vhosts as the files name them', async () => {
    expect(await queuesOf({ project: 'billing' }, { environmentName: 'test' })).toEqual([['/shop', 'bills', 5]])
    expect(await queuesOf({ project: 'billing' }, { environmentName: 'prod' })).toEqual([
      ['/shop', 'audit', undefined],
      ['/shop', 'bills', 7],
    ])
    expect(await queuesOf({ project: 'shipping' }, { environmentName: 'test' })).toEqual([
      ['/shop', 'parcels-test', undefined],
    ])
  })

  it('gives the variables of a test precedence over those of the environment', async () => {
    const own = { environmentName: 'test', variables: { limit: '9' } }
    expect(await queuesOf({ project: 'billing' }, own)).toEqual([['/shop', 'bills', 9]])
  })

  it('refuses several projects, and a project that the config does not have', async () => {
    await expect(queuesOf({}, { environmentName: 'test' })).rejects.toMatchObject({
      code: 'INVALID_USAGE',
      message: 'useTopology takes one project in one environment, and the config has several',
    })
    await expect(queuesOf({ project: 'biling' }, { environmentName: 'test' })).rejects.toMatchObject({
      hint: 'did you mean "billing"?',
    })
  })

  it('reads no config when paths are given, or `config` is false', async () => {
    const own = { paths: ['topology.yaml'], environmentName: 'staging' }
    expect(await withConfig(own, { config: undefined, project: undefined })).toBe(own)
    expect(await withConfig(own, { config: false, project: undefined })).toBe(own)
  })
})
