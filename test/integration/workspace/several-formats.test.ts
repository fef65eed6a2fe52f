import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemsOf } from '../../schemas/published-schemas.ts'
import { freshVhost } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

/** A repository with two projects, in an environment with a broker and in one without. */
async function repository(): Promise<string> {
  const vhost = await freshVhost()
  return files({
    '.git/HEAD': '',
    'warren.config.yaml': `warrenConfig: 1
projects: { billing: { paths: [billing.yaml] }, shipping: { paths: [shipping.yaml] } }
environments:
  up: { url: "\${env:BROKER}", vhosts: { /shop: ${vhost} } }
  down: { url: "http://127.0.0.1:1" }
`,
    'billing.yaml': 'warren: 1\nproject: billing\nvhost: /shop\nqueues: { bills: { type: classic } }\n',
    'shipping.yaml': 'warren: 1\nproject: shipping\nvhost: /shop\nqueues: { parcels: { type: classic } }\n',
  })
}

async function run(folder: string, ...args: readonly string[]) {
  return warren([...args, '--retries', '0'], { folder, environment: { BROKER: await managementUrl() } })
}

describe('the formats of several runs', () => {
  it.each(['plan', 'drift'])('are one JSON document with a list of runs for warren %s', async (command) => {
    const { code, stdout } = await run(await repository(), command, '-e', 'up', '--format', 'json')

    const json = JSON.parse(stdout)
    expect(problemsOf('urn:warren:runs:1', json)).toEqual([])
    expect(json).toMatchObject({ format: 1, command, exitCode: code, digest: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(json.runs).toMatchObject([
      { environment: 'up', project: 'billing', exitCode: code, plan: { changes: [{ action: 'create' }] } },
      { environment: 'up', project: 'shipping', exitCode: code, plan: { changes: [{ action: 'create' }] } },
    ])
  })

  it('have a run with a failure where a broker is down, next to the others', async () => {
    const { code, stdout } = await run(await repository(), 'plan', '-e', 'down', '-e', 'up', '--format', 'json')

    expect(code).toBe(6)
    const json = JSON.parse(stdout)
    expect(problemsOf('urn:warren:runs:1', json)).toEqual([])
    expect(json).not.toHaveProperty('digest')
    expect(json.runs.map(({ exitCode }: { readonly exitCode: number }) => exitCode)).toEqual([6, 6, 0, 0])
    expect(json.runs[0]).toMatchObject({ project: 'billing', failure: { code: 'UNREACHABLE' } })
  })

  it('have the table and a collapsible section for each run in Markdown, and a suite for each in JUnit', async () => {
    const folder = await repository()
    const reports = ['--report', 'markdown=plan.md', '--report', 'junit=plan.xml', '--report', 'diff=plan.diff']
    await run(folder, 'plan', '-e', 'up', ...reports)

    const markdown = await readFile(join(folder, 'plan.md'), 'utf8')
    expect(markdown).toContain('| up | billing | 1 | 0 | 0 | 0 | 0 | 0 | 📝 changes |')
    expect(markdown.match(/<details>/g)).toHaveLength(2)
    expect(markdown).toMatch(/Digest `[0-9a-f]{64}` of all runs/)
    const junit = await readFile(join(folder, 'plan.xml'), 'utf8')
    expect([...junit.matchAll(/<testsuite name="([^"]+)"/g)].map(([, name]) => name)).toEqual([
      'up / billing',
      'up / shipping',
    ])
    const diff = await readFile(join(folder, 'plan.diff'), 'utf8')
    expect(diff).toMatch(/^# up \/ billing\n--- live/)
    expect(diff).toContain('# up / shipping\n')
  })

  it('are one JSON document with reports for an apply, next to reports in files', async () => {
    const folder = await repository()
    const reports = ['--report', 'markdown=apply.md', '--report', 'junit=apply.xml', '--report', 'text=apply.txt']
    const { code, stdout } = await run(folder, 'apply', '-y', '-e', 'up', '--format', 'json', ...reports)

    expect(code).toBe(0)
    const json = JSON.parse(stdout)
    expect(problemsOf('urn:warren:runs:1', json)).toEqual([])
    expect(json).toMatchObject({ command: 'apply', exitCode: 0, digest: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(json.runs).toMatchObject([
      { project: 'billing', exitCode: 0, report: { outcomes: [{ status: 'done' }] } },
      { project: 'shipping', exitCode: 0, report: { outcomes: [{ status: 'done' }] } },
    ])
    expect(await readFile(join(folder, 'apply.md'), 'utf8')).toMatch(/\| up \| shipping \| 1 \|/)
    expect(await readFile(join(folder, 'apply.xml'), 'utf8')).toContain('<testsuite name="up / shipping"')
    expect(await readFile(join(folder, 'apply.txt'), 'utf8')).toMatch(/^up +shipping +1 /m)
  })

  it('are written by an apply and a destroy that do nothing, for whatever reason', async () => {
    const folder = await repository()
    const report = ['--report', 'json=report.json']
    const written = async () => JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))

    expect(await run(folder, 'apply', '-e', 'up', ...report)).toMatchObject({ code: 8 })
    expect(await written()).toMatchObject({ command: 'apply', exitCode: 8, runs: [{ exitCode: 8 }, { exitCode: 8 }] })
    expect(await run(folder, 'apply', '-y', '-e', 'down', '-e', 'up', ...report)).toMatchObject({ code: 6 })
    expect((await written()).runs).toMatchObject([{ exitCode: 6, failure: { code: 'UNREACHABLE' } }, {}, {}, {}])
    expect(await run(folder, 'destroy', '-e', 'up', ...report)).toMatchObject({ code: 0 })
    expect(await written()).toMatchObject({ command: 'destroy', exitCode: 0 })
    await writeFile(join(folder, 'shipping.yaml'), 'warren: 1\nproject: shipping\nqueus: {}\n')
    expect(await run(folder, 'apply', '-y', '-e', 'up', ...report)).toMatchObject({ code: 3 })
    expect(await written()).toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('contain a folder of plans that reverses an apply', async () => {
    const folder = await repository()
    expect(await run(folder, 'apply', '-y', '-e', 'up', '--out-undo', 'undo')).toMatchObject({ code: 0 })

    expect(await run(folder, 'apply', 'undo')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^up +shipping +0 +0 +0 +1 +0 +0 +0$/m),
    })
    expect((await run(folder, 'plan', '-e', 'up')).stdout).toMatch(/^up +shipping +1 +0 +0 +0 +0 +0 +0$/m)
  })

  it.each(['github', 'sarif', 'gitlab'])('name the part that failed as %s', async (format) => {
    const { stdout } = await run(await repository(), 'plan', '-e', 'down', '-e', 'up', '--format', format)

    expect(stdout).toContain('UNREACHABLE')
  })
})
