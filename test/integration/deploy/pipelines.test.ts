import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type InstalledPackage, installedPackage } from '../package/installed-package.ts'
import { configuredNode, type ConfiguredNode } from '../support/brokers/configured-node.ts'
import { files, ROOT } from '../support/command-line.ts'
import {
  actionSteps,
  azureScripts,
  containerCommand,
  gitlabScript,
  jenkinsScripts,
  type Step,
} from './pipeline-steps.ts'

const run = promisify(execFile)

let node: ConfiguredNode
let installed: InstalledPackage
beforeAll(async () => {
  installed = await installedPackage()
  node = await configuredNode({})
})
afterAll(() => installed?.remove())

/** The variables of both environments. Both lead to one broker, because no test here changes staging. */
function brokerVariables(): Readonly<Record<string, string>> {
  const { managementUrl, amqpPort, login } = node
  const of = (name: string) => ({
    [`${name}_URL`]: managementUrl,
    [`${name}_AMQP_URL`]: `amqp://127.0.0.1:${amqpPort}`,
    [`${name}_USER`]: login.username,
    [`${name}_PASSWORD`]: login.password,
  })
  return { ...of('STAGING'), ...of('PROD') }
}

/** A checkout of the example repository, as a pipeline finds it. */
async function checkout(): Promise<string> {
  const folder = await files({})
  await cp(join(ROOT, 'examples/gitops'), folder, { recursive: true })
  await mkdir(join(folder, '.git'))
  return folder
}

interface Shell {
  readonly folder: string
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * Runs a script as a pipeline would. From the environment of the tests, it only gets variables that every machine
 * has.
 */
async function bash(script: string, { folder, environment = {} }: Shell) {
  const env = {
    HOME: process.env['HOME'],
    PATH: `${join(folder, 'global/bin')}:${process.env['PATH']}`,
    // The folder of global npm installs. The package is only linked here; another test installs the tarball.
    npm_config_prefix: join(folder, 'global'),
    WARREN_PACKAGE: installed.folder,
    ...brokerVariables(),
    ...environment,
  }
  return run('bash', ['-c', script], { cwd: folder, env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  )
}

async function removeAll(): Promise<void> {
  for (const vhost of ['shop', 'acme', 'globex']) await node.api.delete(['vhosts', vhost])
  for (const { name } of (await node.api.get<{ name: string }[]>(['global-parameters'])) ?? [])
    if (name.startsWith('warren')) await node.api.delete(['global-parameters', name])
}

async function queues(): Promise<string[]> {
  const found = (await node.api.get<{ vhost: string; name: string }[]>(['queues'])) ?? []
  return found.map(({ vhost, name }) => `${vhost}/${name}`).toSorted()
}

const APPLIED = expect.arrayContaining(['acme/orders', 'globex/orders', 'shop/acme.audit', 'shop/billing.orders'])

describe('the pipelines in deploy', () => {
  beforeEach(removeAll)

  it('validate, plan, apply exactly that plan, and find drift on GitLab', async () => {
    const folder = await checkout()
    const config = join(folder, 'warren.config.yaml')
    // Both environments lead to one broker here, so `drift` of all environments would refuse them.
    await writeFile(config, (await readFile(config, 'utf8')).replace(/ {2}staging:\n(?: {4}.*\n)*/, ''))

    expect(await bash(gitlabScript('validate'), { folder })).toMatchObject({ code: 0 })
    expect(JSON.parse(await readFile(join(folder, 'code-quality.json'), 'utf8'))).toEqual([])
    expect(await bash(gitlabScript('plan'), { folder })).toMatchObject({ code: 0 })
    expect(await readFile(join(folder, 'plan.md'), 'utf8')).toContain('| prod | billing |')
    expect(await bash(gitlabScript('apply'), { folder })).toMatchObject({ code: 0 })
    expect(await queues()).toEqual(APPLIED)

    expect(await bash(gitlabScript('drift'), { folder })).toMatchObject({ code: 0 })
    await node.api.delete(['queues', 'shop', 'billing.orders'])
    expect(await bash(gitlabScript('drift'), { folder })).toMatchObject({ code: 2 })
    expect(await readFile(join(folder, 'drift.xml'), 'utf8')).toContain('type="drift"')
  })

  it('install, plan and apply on Jenkins', async () => {
    const folder = await checkout()
    const { username, password } = node.login
    const environment = { PROD_USR: username, PROD_PSW: password }
    for (const script of jenkinsScripts())
      expect(await bash(script, { folder, environment })).toMatchObject({ code: 0 })

    expect(jenkinsScripts()).toHaveLength(3)
    expect(await queues()).toEqual(APPLIED)
  })

  it('install, plan and apply on Azure', async () => {
    const folder = await checkout()
    const environment = { PIPELINE_WORKSPACE: folder }
    for (const script of [...azureScripts('Plan'), ...azureScripts('Apply')])
      expect(await bash(script, { folder, environment })).toMatchObject({ code: 0 })

    expect(await queues()).toEqual(APPLIED)
  })

  it('apply before a sync, and find drift on a schedule on Kubernetes', async () => {
    const folder = await checkout()
    const command = (path: string) =>
      containerCommand(path)
        .map((word) => `'${word}'`)
        .join(' ')
    const environment = { PATH: `${join(installed.project, 'node_modules/.bin')}:${process.env['PATH']}` }

    expect(await bash(command('deploy/argo-cd/sync-hook.yaml'), { folder, environment })).toMatchObject({ code: 0 })
    expect(await queues()).toEqual(APPLIED)
    expect(await bash(command('deploy/flux/cronjob.yaml'), { folder, environment })).toMatchObject({ code: 0 })
    await node.api.delete(['exchanges', 'shop', 'invoices'])
    expect(await bash(command('deploy/flux/cronjob.yaml'), { folder, environment })).toMatchObject({ code: 2 })
  })
})

/** Comments as GitHub's API keeps them, since GitHub itself cannot be reached from a test. */
async function commentServer() {
  const comments = [{ id: 1, body: 'looks good' }]
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { body } =
        chunks.length === 0 ? { body: '' } : (JSON.parse(Buffer.concat(chunks).toString()) as { body: string })
      const id = /\/repos\/o\/r\/issues\/comments\/(\d+)$/.exec(request.url ?? '')?.[1]
      const found = comments.find((each) => String(each.id) === id)
      if (request.headers.authorization !== 'Bearer token') response.statusCode = 403
      else if (request.method === 'PATCH' && found) found.body = body
      else if (request.method === 'POST' && request.url === '/repos/o/r/issues/7/comments')
        comments.push({ id: comments.length + 1, body })
      else if (request.method !== 'GET') response.statusCode = 404
      response.end(JSON.stringify(request.method === 'GET' ? comments : {}))
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}`, comments, close: () => server.close() }
}

describe('the action for GitHub', () => {
  beforeEach(removeAll)

  async function workflow() {
    const folder = await checkout()
    const temporary = join(folder, 'runner')
    await mkdir(temporary)
    await writeFile(join(temporary, 'event.json'), JSON.stringify({ pull_request: { number: 7 } }))
    const step = async ({ script, environment }: Step, github: Readonly<Record<string, string>> = {}) => {
      await writeFile(join(temporary, 'output'), '')
      const variables = {
        ...environment,
        RUNNER_TEMP: temporary,
        GITHUB_OUTPUT: join(temporary, 'output'),
        GITHUB_STEP_SUMMARY: join(temporary, 'summary.md'),
        GITHUB_ACTION_PATH: ROOT,
        GITHUB_EVENT_PATH: join(temporary, 'event.json'),
        GITHUB_REPOSITORY: 'o/r',
        ...github,
      }
      // GitHub runs the steps of "shell: bash" with these options.
      const ended = await bash(`set -eo pipefail\n${script}`, { folder, environment: variables })
      const lines = (await readFile(join(temporary, 'output'), 'utf8')).trim().split('\n')
      return { ...ended, outputs: Object.fromEntries(lines.map((line) => line.split('=') as [string, string])) }
    }
    const action = async (inputs: Readonly<Record<string, string>>) => {
      const steps = actionSteps({ package: installed.folder, token: 'token', ...inputs })
      const [install, main] = ['Install warren', 'Run warren'].map((name) => steps.get(name) as Step)
      expect(await step(install as Step)).toMatchObject({ code: 0 })
      return step(main as Step)
    }
    return { folder, temporary, step, action }
  }

  it('plans, and applies exactly the plan with that digest', async () => {
    const { folder, temporary, action } = await workflow()
    const inputs = { arguments: '--environment\nprod\n', plan: join(folder, 'plans') }
    const planned = await action({ ...inputs, command: 'plan' })

    expect(planned).toMatchObject({
      code: 0,
      outputs: { 'exit-code': '2', digest: expect.stringMatching(/^[\da-f]{64}$/) },
    })
    expect(planned.stdout).toContain('::notice title=warren plan::')
    expect(await readFile(join(temporary, 'summary.md'), 'utf8')).toContain('| prod | billing |')

    const digest = planned.outputs['digest'] ?? ''
    const apply = { command: 'apply', plan: join(folder, 'plans'), arguments: '--confirm\nprod' }
    expect(await action({ ...apply, 'expect-digest': '0'.repeat(64) })).toMatchObject({ code: 5 })
    expect(await queues()).toEqual([])
    expect(await action({ ...apply, 'expect-digest': digest })).toMatchObject({ code: 0 })
    expect(await queues()).toEqual(APPLIED)
  })

  it('annotates an invalid file at its line, and fails', async () => {
    const { folder, action } = await workflow()
    await writeFile(join(folder, 'billing/topology.yaml'), 'warren: 1\nproject: billing\nvhost: shop\nqueuess: {}\n')

    const { code, stdout } = await action({ command: 'plan', arguments: '--environment\nprod' })
    expect(code).toBe(3)
    expect(stdout).toMatch(/::error file=billing\/topology\.yaml,line=4,col=1,endColumn=\d+,title=unknown-key::/)
  })

  it('writes one comment on the pull request, and replaces it', async () => {
    const { temporary, step } = await workflow()
    const server = await commentServer()
    const script = actionSteps({ token: 'token' }).get('Comment on the pull request') as Step
    for (const text of ['first', 'second']) {
      await writeFile(join(temporary, 'warren.md'), `<!-- warren plan: shop -->\n${text}\n`)
      expect(await step(script, { GITHUB_API_URL: server.url })).toMatchObject({ code: 0 })
    }
    server.close()

    expect(server.comments.map(({ body }) => body)).toEqual(['looks good', '<!-- warren plan: shop -->\nsecond\n'])
  })

  it('warns when the token may not comment', async () => {
    const { temporary, step } = await workflow()
    const server = await commentServer()
    await writeFile(join(temporary, 'warren.md'), '<!-- warren plan: shop -->\n')
    const script = actionSteps({ token: 'other' }).get('Comment on the pull request') as Step
    const ended = await step(script, { GITHUB_API_URL: server.url })
    server.close()

    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('::warning title=warren::') })
  })
})
