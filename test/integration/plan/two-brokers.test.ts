import { beforeAll, describe, expect, it } from 'vitest'
import { useTopology } from '../../../src/testing/index.ts'
import { amqpUrl, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { configuredNode, type ConfiguredNode } from '../support/brokers/configured-node.ts'
import { amqpProxy } from '../support/proxies/amqp-proxy.ts'
import { recordingProxy } from '../support/proxies/recording-proxy.ts'
import { warren } from '../support/warren-in-process.ts'

let other: ConfiguredNode

beforeAll(async () => {
  other = await configuredNode({})
}, 200_000)

/** Creates a vhost and a project in it on the broker of the run, and a vhost of the same name on the other broker. */
async function onBoth(): Promise<{ readonly vhost: string; readonly folder: string; readonly amqpOfOther: string }> {
  const vhost = await freshVhost()
  await other.api.put(['vhosts', vhost])
  await other.api.put(['permissions', vhost, other.login.username], { configure: '.*', write: '.*', read: '.*' })
  const folder = await files({ 'topology.yaml': topology(vhost, ['orders', 'audit']) })
  const applied = await warren(['apply', 'topology.yaml', '-y'], {
    folder,
    environment: { WARREN_AMQP_URL: await amqpUrl(vhost) },
  })
  expect(applied).toMatchObject({ code: 0 })
  const { username, password } = other.login
  return { vhost, folder, amqpOfOther: `amqp://${username}:${password}@127.0.0.1:${other.amqpPort}` }
}

function topology(vhost: string, queues: readonly string[]): string {
  const entries = queues.map((name) => `  ${name}: { type: classic, deadLetter: true }`)
  return ['warren: 1', 'project: shop', `vhost: ${vhost}`, 'queues:', ...entries, ''].join('\n')
}

async function names(api: ConfiguredNode['api'], vhost: string): Promise<string[]> {
  return ((await api.get(['queues', vhost])) as { name: string }[]).map(({ name }) => name).toSorted()
}

describe('AMQP of another broker than that of the management API', () => {
  it('ends every command that uses both with exit code 6, before anything is locked or changed', async () => {
    const { vhost, folder, amqpOfOther } = await onBoth()
    const { api, managementUrl } = await testBroker()
    const file = await files({ 'fewer.yaml': topology(vhost, ['orders']) })
    const clusterOf = async (each: ConfiguredNode['api']): Promise<string> =>
      ((await each.get(['cluster-name'])) as { name: string }).name
    const before = await names(api, vhost)
    const commands = [
      ['plan', `${file}/fewer.yaml`, '--prune'],
      ['apply', `${file}/fewer.yaml`, '--prune', '-y', '--max-deletes', '100%'],
      ['apply', 'topology.yaml', '-y'],
      ['destroy', 'topology.yaml', '--confirm', 'shop'],
      ['dlq', 'list', 'topology.yaml'],
      ['dlq', 'peek', 'orders', 'topology.yaml'],
      ['dlq', 'replay', 'orders', 'topology.yaml', '-y'],
      ['dlq', 'purge', 'orders', 'topology.yaml', '--confirm', 'orders.dead'],
    ]

    for (const args of commands) {
      const ended = await warren(args, { folder, environment: { WARREN_AMQP_URL: amqpOfOther } })
      expect({ args, code: ended.code }).toEqual({ args, code: 6 })
      expect(ended.stderr).toContain(
        'AMQP and the management API lead to different brokers: ' +
          `amqp://127.0.0.1:${other.amqpPort} is ${JSON.stringify(await clusterOf(other.api))}, ` +
          `and ${managementUrl} is ${JSON.stringify(await clusterOf(api))}`,
      )
      expect(ended.stdout + ended.stderr).not.toContain(other.login.password)
    }
    expect(await names(api, vhost)).toEqual(before)
    expect(await names(other.api, vhost)).toEqual([])
  })

  it('is refused by a test fixture before it applies anything', async () => {
    const { vhost, folder } = await onBoth()
    const { api, managementUrl } = await testBroker()
    const login = await freshUser({ tags: 'administrator' })
    await other.api.put(['users', login.username], { password: login.password, tags: 'administrator' })
    for (const each of [api, other.api]) {
      await each.put(['permissions', '/', login.username], { configure: '.*', write: '.*', read: '.*' })
    }
    const broker = { managementUrl, amqpUrl: `amqp://127.0.0.1:${other.amqpPort}`, ...login }

    await expect(useTopology(`${folder}/topology.yaml`, { broker })).rejects.toMatchObject({
      code: 'WRONG_BROKER',
      message: expect.stringContaining('different brokers') as string,
    })
    const vhosts = ((await api.get(['vhosts'])) as { name: string }[]).map(({ name }) => name)
    expect(vhosts.filter((name) => name.startsWith(`${vhost}-`))).toEqual([])
  })
})

describe('a saved plan that was made for another broker', () => {
  it('ends with exit code 5 before anything is locked or written', async () => {
    const { vhost, folder } = await onBoth()
    const plan = `${await files({})}/plan.json`
    const url = new URL(other.managementUrl)
    url.username = other.login.username
    url.password = other.login.password
    const made = await warren(['plan', 'topology.yaml', '--out', plan], {
      folder,
      environment: { WARREN_URL: url.href },
    })
    expect(made).toMatchObject({ code: 0 })
    await using proxy = await recordingProxy()
    let declared = 0
    const amqp = new URL(await amqpUrl(vhost))
    await using queues = await amqpProxy(Number(amqp.port), () => {
      declared += 1
      return 'pass'
    })
    amqp.port = String(queues.port)
    amqp.pathname = ''

    const ended = await warren(['apply', plan], {
      folder,
      environment: { WARREN_URL: proxy.url, WARREN_AMQP_URL: amqp.href },
    })

    expect(ended).toMatchObject({ code: 5, stderr: expect.stringContaining('the plan was made for the broker') })
    expect([proxy.writes(), declared]).toEqual([[], 0])
  })
})
