import { describe, expect, it } from 'vitest'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { command } from '../support/command-in-process.ts'

let turn: Promise<unknown> = Promise.resolve()

/** Runs a command line in a folder, with the URL of the broker in the variable that its config refers to. */
function warren(folder: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const run = turn.then(async () => {
    const before = process.cwd()
    process.chdir(folder)
    try {
      return await command(args, { BROKER: await managementUrl(), ...environment })
    } finally {
      process.chdir(before)
    }
  })
  turn = run.catch(() => undefined)
  return run
}

async function clusterName(): Promise<string> {
  const { api } = await testBroker()
  return ((await api.get(['cluster-name'])) as { name: string }).name
}

/** A repository with one project, in an environment with a vhost of its own. */
async function repository(vhost: string, environment: string, queue = 'type: classic'): Promise<string> {
  return files({
    '.git/HEAD': '',
    'warren.config.yaml': `warrenConfig: 1
projects: { billing: { paths: [billing/] } }
environments:
  test: { url: "\${env:BROKER}", vhosts: { /billing: ${vhost} }, ${environment} }
`,
    'billing/queues.yaml': `warren: 1\nproject: billing\nvhost: /billing\nqueues: { bills: { ${queue} } }\n`,
  })
}

async function queuesIn(vhost: string): Promise<string[]> {
  const { api } = await testBroker()
  return ((await api.get(['queues', vhost])) as { name: string }[]).map(({ name }) => name)
}

describe('a command in an environment', () => {
  it('names environment, project, broker and cluster first, with the variables that are set and unused', async () => {
    const vhost = await freshVhost()
    const folder = await repository(vhost, `cluster: "${await clusterName()}"`)

    const { code, stdout } = await warren(folder, ['plan', '-e', 'test'], { WARREN_URL: 'http://nowhere:15672' })

    expect(code).toBe(0)
    const [first, second, third] = stdout.split('\n')
    expect(first).toBe('Environment  test   project billing')
    expect(second).toBe('Not used  WARREN_URL: the environment says where its broker is')
    expect(third).toContain(`Broker   ${await clusterName()} (RabbitMQ`)
    expect(stdout).toContain(`vhost ${vhost}`)
  })

  it('does nothing when the cluster does not have the name in the environment', async () => {
    const vhost = await freshVhost()
    const folder = await repository(vhost, 'cluster: rabbit@prod', 'type: classic, deadLetter: true')

    for (const args of [
      ['plan', '-e', 'test'],
      ['apply', '-e', 'test', '-y'],
      ['destroy', '-e', 'test', '--confirm', 'billing'],
      ['owners', '-e', 'test'],
      ['release', 'queue:*', '-e', 'test', '-y'],
      ['dlq', 'list', '-e', 'test'],
    ]) {
      const { code, stderr } = await warren(folder, args)
      expect({ args, code }).toEqual({ args, code: 6 })
      expect(stderr).toContain(`is the cluster ${JSON.stringify(await clusterName())}, and "rabbit@prod" is expected`)
    }
    expect(await queuesIn(vhost)).toEqual([])
  })

  it('applies and destroys an environment with confirm only when its name is given, with -y too', async () => {
    const vhost = await freshVhost()
    const folder = await repository(vhost, 'confirm: true')

    const refused = await warren(folder, ['apply', '-e', 'test', '-y'])
    expect(refused).toMatchObject({ code: 8, stdout: '' })
    expect(refused.stderr).toContain('pass --confirm test, even with --auto-approve')
    expect(await queuesIn(vhost)).toEqual([])

    expect(await warren(folder, ['apply', '-e', 'test', '-y', '--confirm', 'test'])).toMatchObject({ code: 0 })
    expect(await queuesIn(vhost)).toEqual(['bills'])
    expect(await warren(folder, ['destroy', '-e', 'test', '--confirm', 'billing'])).toMatchObject({ code: 8 })
    const destroyed = await warren(folder, ['destroy', '-e', 'test', '--confirm', 'billing', '--confirm', 'test'])
    expect(destroyed).toMatchObject({ code: 0 })
    expect(await queuesIn(vhost)).toEqual([])
  })

  it('applies a saved plan in its own environment, with a confirmation if that environment requires one', async () => {
    const vhost = await freshVhost()
    const folder = await repository(vhost, 'confirm: true')

    expect(await warren(folder, ['plan', '-e', 'test', '--out', 'plan.json'])).toMatchObject({ code: 0 })
    expect(await warren(folder, ['apply', 'plan.json'])).toMatchObject({ code: 8 })
    expect(await warren(folder, ['apply', 'plan.json', '--confirm', 'test'])).toMatchObject({ code: 0 })
    expect(await queuesIn(vhost)).toEqual(['bills'])
  })

  it('uses the limit of deletes of the environment, unless an option sets one', async () => {
    const vhost = await freshVhost()
    const folder = await repository(vhost, 'maxDeletes: 0')
    const fewer = await files({
      'queues.yaml': `warren: 1\nproject: billing\nvhost: ${vhost}\nqueues: { others: { type: classic } }\n`,
    })
    await warren(folder, ['apply', '-e', 'test', '-y'])

    const plan = ['plan', `${fewer}/queues.yaml`, '-e', 'test', '--prune']
    expect(await warren(folder, plan)).toMatchObject({ code: 4 })
    expect(await warren(folder, [...plan, '--max-deletes', '1'])).toMatchObject({ code: 0 })
  })

  it('names both places if the project of a document differs from the config', async () => {
    const folder = await repository('v', 'user: guest')
    const moved = await files({
      'warren.config.yaml': `warrenConfig: 1\nprojects:\n  shipping: { paths: ["${folder}/billing"] }\n`,
    })

    const { code, stderr } = await warren(moved, ['validate'])

    expect(code).toBe(3)
    expect(stderr).toContain('the project is "billing" here and "shipping" in the config')
    expect(stderr).toContain('billing/queues.yaml:2:10')
    expect(stderr).toContain('the project in the config: warren.config.yaml:3:3')
  })
})
