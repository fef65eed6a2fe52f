import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectionVariables } from '../../../src/testing/index.ts'
import { testBroker } from '../support/brokers/broker.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const EXAMPLES = join(ROOT, 'test/guides/testing')

describe('the guide to tests', () => {
  it('shows the examples that are run here', async () => {
    const guide = await readFile(join(ROOT, 'docs/how-to/testing.md'), 'utf8')
    const shown = [...guide.matchAll(/<!-- test\/guides\/testing\/(\S+) -->\n\n```(?:ts|yaml)\n([^]*?)```/g)]

    expect(shown.map(([, name]) => name)).toEqual([
      'start-broker.ts',
      'vitest.config.ts',
      'topology.yaml',
      'short-delays.yaml',
      'email.ts',
      'email-node.ts',
    ])
    for (const [, name = '', text] of shown) expect(text).toBe(await readFile(join(EXAMPLES, name), 'utf8'))
  })

  it('has an example for vitest that passes', async () => {
    const folder = await project({
      'email.ts': 'email.test.ts',
      'start-broker.ts': 'start-broker.ts',
      'short-delays.yaml': 'short-delays.yaml',
      'vitest.config.ts': 'vitest.config.ts',
    })

    const output = await run(folder, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder])

    expect(output).toMatch(/Tests\s+1 passed/)
  })

  it("has an example for Node's own runner that passes", async () => {
    const folder = await project({ 'email-node.ts': 'email.test.mjs' })

    const output = await run(folder, ['--test', '--test-reporter=tap', 'email.test.mjs'])

    expect(output).toMatch(/^# pass 1$/m)
    // A runtime reports it if its vhost is deleted before the runtime is closed.
    expect(output).not.toContain('warren warning')
  })
})

/** A project with some of the examples, inside this one, so that it finds the built package by its name. */
async function project(examples: Record<string, string>): Promise<string> {
  await mkdir(join(ROOT, '.warren'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.warren/guide-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, copy] of Object.entries({ 'topology.yaml': 'topology.yaml', ...examples })) {
    await cp(join(EXAMPLES, name), join(folder, copy))
  }
  return folder
}

async function run(folder: string, args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', ...connectionVariables(await testBroker()) }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder, env })
  return stdout + stderr
}
