import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadTopology } from '../../src/desired/load/load-topology.ts'
import { explainFinding } from '../../src/diagnostics/findings/finding.ts'
import { guideBlocks } from '../guide-blocks.ts'

const FOLDER = join(import.meta.dirname, '../../topologies/repeated')

async function loaded(path: string) {
  const { desired, findings } = await loadTopology({ paths: [path], environment: {} })
  return {
    messages: findings.map((each) => explainFinding(each).message),
    queues: desired?.topology.queues.filter(({ role }) => role === undefined) ?? [],
    users: desired?.topology.users.map(({ name }) => name) ?? [],
    vhosts: desired?.topology.vhosts.map(({ name }) => name) ?? [],
  }
}

async function linesOf(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).trimEnd().split('\n')
}

describe('the examples of repeated shapes', () => {
  it('declare twenty tenants with twelve queues each in one document of at most forty lines', async () => {
    const path = join(FOLDER, 'tenants.yaml')
    const { messages, queues, users, vhosts } = await loaded(path)
    const counts = vhosts.map((vhost) => queues.filter((queue) => queue.vhost === vhost).length)

    expect([messages, counts]).toEqual([[], Array.from({ length: 20 }, () => 12)])
    expect(users).toHaveLength(20)
    expect((await linesOf(path)).length).toBeLessThanOrEqual(40)
  })

  it('declare three hundred queues with templates in at most three lines each', async () => {
    const path = join(FOLDER, 'many-queues.yaml')
    const { messages, queues } = await loaded(path)
    const lines = await linesOf(path)

    expect([messages, queues.length]).toEqual([[], 300])
    expect(lines.slice(lines.indexOf('queues:') + 1).length / queues.length).toBeLessThanOrEqual(3)
  })

  it('are those that the guide shows, and valid', async () => {
    const blocks = await guideBlocks('repeated-shapes.md')
    expect(blocks.map(({ file, text, inFile }) => [file, text === inFile])).toEqual(
      ['shop', 'templates', 'tenants', 'regions'].map((name) => [`test/guides/repeated-shapes/${name}.yaml`, true]),
    )

    const folder = join(import.meta.dirname, '../guides/repeated-shapes')
    const shop = await loaded(join(folder, 'shop.yaml'))
    const tenants = await loaded(join(folder, 'tenants.yaml'))
    const regions = await loaded(join(folder, 'regions.yaml'))
    expect([shop.messages, tenants.messages, regions.messages]).toEqual([[], [], []])
    expect(shop.queues.map(({ name, arguments: table }) => [name, table['x-max-length']])).toEqual([
      ['email', 500],
      ['plain', undefined],
      ['sms', 100_000],
    ])
    expect(tenants.users).toEqual(['acme-worker', 'globex-worker'])
    expect(regions.queues.map(({ name }) => name)).toEqual(['eu.orders', 'us.orders'])
  })
})
