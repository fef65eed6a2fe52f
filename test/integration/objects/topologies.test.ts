import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { command } from '../support/command-in-process.ts'
import { managementUrl, ROOT, warren as built } from '../support/command-line.ts'

const TOPOLOGIES = readdirSync(join(ROOT, 'topologies')).filter((name) => /(?<!\.test)\.yaml$/.test(name))

/** The statements of an example about itself, read without the code under test. */
interface Example {
  readonly vhost: string
  readonly users: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

async function readExample(file: string): Promise<Example> {
  const text = await readFile(join(ROOT, 'topologies', file), 'utf8')
  const document = parseAllDocuments(text)[0]?.toJS() as {
    vhost: string | { name: string }
    users?: Record<string, unknown>
  }
  const variables = [...text.matchAll(/\$\{env:(\w+)\}/g)].map(([, name]) => String(name))
  return {
    vhost: typeof document.vhost === 'string' ? document.vhost : document.vhost.name,
    users: Object.keys(document.users ?? {}),
    environment: Object.fromEntries(variables.map((name) => [name, `secret-of-${name}`])),
  }
}

/**
 * The example that is tested with the built command line, as users run it. The others run in this process, which
 * takes less time.
 */
const TRIED_AS_BUILT = 'email-pipeline.yaml'

/** Runs a command from the project's folder. */
async function warren(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return command(args, { ...environment, WARREN_URL: await managementUrl() })
}

/** Applies an example to its own vhost, and returns a function that runs more commands on it. */
async function applied(file: string, asBuilt = false) {
  const { vhost, users, environment } = await readExample(file)
  const { api } = await testBroker()
  // The virtual host does not exist yet, as for a new user: an example may set a property that differs on an existing
  // one.
  const fresh = freshName('vhost')
  onTestFinished(() => api.delete(['vhosts', fresh]))
  for (const user of users) onTestFinished(() => api.delete(['users', user]))
  const run = (name: string, ...options: string[]) => {
    const args = [name, join(ROOT, 'topologies', file), '--vhost', `${vhost}=${fresh}`, ...options]
    return asBuilt ? built(args, { environment }) : warren(args, environment)
  }
  const first = await run('plan', '--detailed-exitcode')
  const apply = await run('apply', '--auto-approve')
  return { fresh, users, run, first, apply, api, environment }
}

// One after the other, because the users of an example belong to the whole broker.
describe.sequential('the example', () => {
  it.each(TOPOLOGIES)('%s is planned, applied, and planned again with nothing to do', async (file) => {
    const { first, apply, run, environment } = await applied(file, file === TRIED_AS_BUILT)

    expect(first).toMatchObject({ code: 2, stdout: expect.stringMatching(/to create/) })
    expect(apply).toMatchObject({ code: 0, stdout: expect.stringMatching(/Applied {2}\d+ done\n$/) })
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to do'),
      stderr: '',
    })
    for (const secret of Object.values(environment)) expect(JSON.stringify([first, apply])).not.toContain(secret)
  })

  it.each(TOPOLOGIES)('%s is repaired when a queue, a binding or a permission is missing', async (file) => {
    const { fresh, run, api, users } = await applied(file)
    const queues = (await api.get<{ name: string }[]>(['queues', fresh])) ?? []
    const bindings =
      (await api.get<{ source: string; destination: string; destination_type: string; properties_key: string }[]>([
        'bindings',
        fresh,
      ])) ?? []
    const binding = bindings.find(({ source }) => source !== '')
    const breakages: (() => Promise<void>)[] = [
      () => api.delete(['queues', fresh, queues[0]?.name ?? '']),
      () =>
        api.delete([
          'bindings',
          fresh,
          'e',
          binding?.source ?? '',
          binding?.destination_type === 'queue' ? 'q' : 'e',
          binding?.destination ?? '',
          binding?.properties_key ?? '',
        ]),
      ...users.slice(0, 1).map((user) => () => api.delete(['permissions', fresh, user])),
      ...users
        .slice(0, 1)
        .map((user) => () => api.put(['permissions', fresh, user], { configure: '.*', write: '.*', read: '.*' })),
    ]
    for (const breakIt of breakages) {
      await breakIt()
      expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 2 })
      expect(await run('apply', '--auto-approve')).toMatchObject({ code: 0 })
      expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
    }
  })

  it.each(['staging', 'prod'])('environments.yaml is planned with the overlay %s', async (name) => {
    const fresh = await freshVhost()
    const options = [
      join(ROOT, 'topologies/environments.yaml'),
      '--overlay',
      join(ROOT, `topologies/environments/${name}.yaml`),
      '--vhost',
      `/reports=${fresh}`,
    ]

    expect(await warren(['apply', ...options, '--auto-approve'])).toMatchObject({ code: 0 })
    expect(await warren(['plan', ...options, '--detailed-exitcode'])).toMatchObject({ code: 0 })
  })

  it('lets two projects share a vhost without changing objects of each other', async () => {
    const fresh = await freshVhost()
    const of = (project: string, name: string, ...options: string[]) =>
      warren([name, join(ROOT, `topologies/shared-vhost-${project}.yaml`), '--vhost', `/company=${fresh}`, ...options])
    await of('billing', 'apply', '--auto-approve')
    await of('shipping', 'apply', '--auto-approve')

    for (const project of ['billing', 'shipping']) {
      expect(await of(project, 'plan', '--detailed-exitcode')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/nothing to do, \d+ unchanged, \d+ not ours\nDigest/),
      })
    }
  })
})
