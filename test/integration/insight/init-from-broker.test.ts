import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, ROOT } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

const SHOP = JSON.parse(await readFile(join(ROOT, 'test/guides/existing-broker/broker.json'), 'utf8')) as Record<
  string,
  readonly Record<string, unknown>[]
>

/** Imports the objects of the shop into a new virtual host, without warren. */
async function shopOnBroker(): Promise<string> {
  const vhost = await freshVhost()
  const sections = ['exchanges', 'queues', 'bindings', 'policies'] as const
  const definitions = sections.map((section) => [section, SHOP[section]?.map(({ vhost: _vhost, ...each }) => each)])
  const { api } = await testBroker()
  await api.post(['definitions', vhost], Object.fromEntries(definitions))
  return vhost
}

describe('warren init --from-broker', () => {
  it('writes the files of an export, the config with an environment, and a pipeline, and none of it is drift', async () => {
    const vhost = await shopOnBroker()
    const folder = await files({})
    const args = ['init', folder, '--from-broker', '--vhost', vhost, '--workflow', 'github', '--yes']

    const { code, stdout, stderr } = await warren(args)

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('verified: 0 changes')
    expect(stdout).toContain(join(folder, '.github/workflows/topology.yml'))
    const config = parse(await readFile(join(folder, 'warren.config.yaml'), 'utf8')) as object
    expect(config).toMatchObject({
      projects: { billing: {}, shipping: {} },
      environments: { prod: { confirm: true } },
    })
    expect(await warren(['drift', '--project', 'billing', '--project', 'shipping'], { folder })).toMatchObject({
      code: 0,
    })
  })

  it('creates one project if a name is given', async () => {
    const vhost = await shopOnBroker()
    const folder = await files({})

    await warren(['init', folder, '--from-broker', '--vhost', vhost, '--project', 'shop', '--yes'])

    const config = parse(await readFile(join(folder, 'warren.config.yaml'), 'utf8')) as { projects: object }
    expect(Object.keys(config.projects)).toEqual(['shop'])
  })

  it('refuses options of a broker without --from-broker', async () => {
    const args = ['init', await files({}), '--url', 'http://broker.invalid', '--yes']

    expect(await warren(args)).toMatchObject({ code: 3, stderr: expect.stringContaining('--from-broker') })
  })
})
