import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { command } from '../../integration/support/command-in-process.ts'

const BEFORE = `warren: 1
project: shop
vhost: shop
exchanges:
  events: { type: topic }
queues:
  old: { type: classic, bindings: [{ exchange: events, routingKey: old.# }] }
`
const AFTER = `${BEFORE}  new: { type: classic, bindings: [{ exchange: events, routingKey: new.# }] }
publications:
  of-nothing: { exchange: events, routingKey: nothing }
`
const CONFIG = 'warrenConfig: 1\nlint: { rules: { unbounded-queue: error, publication-reaches-no-queue: warning } }\n'

/** Plans a topology that adds a queue to one whose definitions were exported. */
async function planned(...options: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'warren-plan-lint-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = (name: string) => join(folder, name)
  await writeFile(path('before.yaml'), BEFORE)
  await writeFile(path('after.yaml'), AFTER)
  await writeFile(path('warren.config.yaml'), CONFIG)
  const exported = await command(['definitions', path('before.yaml'), '--no-config', '--out', path('live.json')])
  expect(exported).toMatchObject({ code: 0 })
  const base = ['plan', path('after.yaml'), '--config', path('warren.config.yaml'), '--against', path('live.json')]
  const result = await command([...base, ...options])
  return { ...result, stdout: result.stdout.replaceAll(`${folder}/`, '') }
}

describe('warren plan --lint', () => {
  it('shows the findings about changed objects between the changes and the summary', async () => {
    const { code, stdout, stderr } = await planned('--lint')

    expect(stdout).toContain('\nLint     1 error, 1 warning about changed objects\n')
    expect(stdout).toContain('after.yaml:8:3  error  queue "new" has neither a limit nor a time to live')
    expect(stdout).toContain('publication "of-nothing"')
    expect(stdout).not.toContain('queue "old"')
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^Digest/)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('lints nothing without the option', async () => {
    const { stdout } = await planned()

    expect(stdout).not.toContain('Lint')
    expect(stdout).not.toContain('neither a limit')
  })

  it.each([
    ['json', '"rule": "unbounded-queue"'],
    ['markdown', '(`unbounded-queue`)'],
    ['github', '::error file=after.yaml,line=8'],
    ['sarif', '"ruleId": "unbounded-queue"'],
    ['gitlab', '"check_name": "unbounded-queue"'],
    ['junit', 'unbounded-queue'],
    ['diff', '# error unbounded-queue after.yaml:8:3: queue "new"'],
  ])('has the findings in the format %s', async (format, text) => {
    const { code, stdout } = await planned('--lint', '--format', format)

    expect(stdout).toContain(text)
    expect(stdout).not.toContain('queue "old"')
    expect(code).toBe(0)
  })

  it('changes the exit code only with --fail-on', async () => {
    const codes = []
    for (const options of [[], ['--fail-on', 'never'], ['--fail-on', 'error'], ['--fail-on', 'warning']]) {
      codes.push((await planned('--lint', ...options)).code)
    }

    expect(codes).toEqual([0, 0, 3, 3])
    expect((await planned('--lint', '--detailed-exitcode')).code).toBe(2)
    expect((await planned('--lint', '--detailed-exitcode', '--fail-on', 'warning')).code).toBe(3)
  })

  it('refuses --fail-on without --lint', async () => {
    expect(await planned('--fail-on', 'warning')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('--fail-on has no effect without --lint, whose findings it judges'),
    })
  })
})
