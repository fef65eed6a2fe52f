import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCommandLine } from '../../../src/cli/run-command-line.ts'
import { init } from '../../../src/operations/files/init/starter-files.ts'
import { expectRouted } from '../../../src/testing/expect-routed.ts'
import { silentProcess } from '../../builders/silent-io.ts'

const ROOT = join(import.meta.dirname, '../../..')
const TOPOLOGIES = join(ROOT, 'topologies')
const GUIDE = join(ROOT, 'test/guides/trace/topology.yaml')

async function warrenTest(...args: readonly string[]) {
  let [stdout, stderr] = ['', '']
  const io = silentProcess({ out: (text) => void (stdout += text), err: (text) => void (stderr += text) })
  const code = await runCommandLine(['test', '--no-config', ...args], io)
  return { code, stdout, stderr }
}

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text)
  return folder
}

describe('warren test', async () => {
  const examples = (await readdir(TOPOLOGIES)).filter((name) => /(?<!\.test)\.yaml$/.test(name))

  it.each(examples)('passes the tests of the example %s', async (name) => {
    const { code, stdout, stderr } = await warrenTest(join(TOPOLOGIES, name))

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^[1-9]\d* passed, 0 failed$/m)
  })

  it('passes the tests that init writes', async () => {
    const files = init({ project: 'shop' }).filter(({ path }) => !path.includes('config'))
    const folder = await folderWith(Object.fromEntries(files.map(({ path, text }) => [path, text])))

    expect(await warrenTest(folder)).toMatchObject({ code: 0, stdout: expect.stringContaining('2 passed, 0 failed') })
  })

  it('prints what the guide shows, and exits with 2 if a test fails', async () => {
    const page = await readFile(join(ROOT, 'docs/how-to/test-a-topology.md'), 'utf8')
    const tests = await readFile(GUIDE.replace('.yaml', '.test.yaml'), 'utf8')
    const [, output = ''] = /^```console\n\$ npx warren test topology.yaml\n([^]*?)^```/m.exec(page) ?? []
    const folder = await folderWith({ 'topology.yaml': await readFile(GUIDE, 'utf8'), 'topology.test.yaml': tests })

    const { code, stdout } = await warrenTest(join(folder, 'topology.yaml'))

    expect([code, stdout.replaceAll(`${folder}/`, '')]).toEqual([0, output])
    expect(page).toContain(tests)
    const wrong = join(folder, 'wrong.yaml')
    await writeFile(wrong, tests.replace('reaches: [audit, billing]', 'reaches: [billing]'))
    const failed = await warrenTest(join(folder, 'topology.yaml'), '--tests', wrong)
    expect(failed).toMatchObject({ code: 2, stdout: expect.stringContaining('✗ an invoice reaches billing and audit') })
    expect(failed.stdout).toContain('expected  "billing"\n      found     "audit", "billing"\n')
  })

  it('writes JUnit and JSON', async () => {
    const folder = await folderWith({
      'topology.yaml': await readFile(GUIDE, 'utf8'),
      't.yaml': 'warrenTests: 1\ntests:\n  a <b>: { expire: { queue: mails }, lost: true }\n',
    })
    const given = [join(folder, 'topology.yaml'), '--tests', join(folder, 't.yaml')]

    const { stdout: junit } = await warrenTest(...given, '--format', 'junit')
    expect(junit).toContain('<testsuites name="warren test" tests="1" failures="1" errors="0" skipped="0">')
    expect(junit).toContain('<testcase name="a &lt;b&gt;"')
    expect(junit).toContain('<failure message="expected  it is lost" type="failed">')
    const { stdout: json } = await warrenTest(...given, '--format', 'json')
    expect(JSON.parse(json)).toMatchObject({
      format: 1,
      passed: 0,
      failed: 1,
      files: [{ tests: [{ name: 'a <b>', outcome: { status: 'failed', expected: 'it is lost', found: '"mails"' } }] }],
    })
  })

  it('uses the rules of another version if a test or the command names one', async () => {
    const at = (version: string) =>
      `{ brokerVersion: "${version}", publish: { exchange: h, headers: { at: { '!': timestamp, value: 1 } } }, reaches: [q] }`
    const folder = await folderWith({
      'topology.yaml':
        'warren: 1\nproject: p\nexchanges:\n  h: { type: headers }\nqueues:\n  q: { type: quorum, bindings: [{ exchange: h, arguments: { x-match: all, at: 1 } }] }\n',
      'topology.test.yaml': `warrenTests: 1\ntests:\n  old: ${at('3.10')}\n  new: ${at('4.3')}\n`,
    })

    // Up to RabbitMQ 3.12, a timestamp equals the integer of its seconds.
    const { code, stdout } = await warrenTest(folder)
    expect([code, stdout]).toEqual([2, expect.stringMatching(/✓ old\n {2}✗ new/)])
  })

  it('reports unknown names with their position', async () => {
    const folder = await folderWith({
      'topology.yaml': await readFile(GUIDE, 'utf8'),
      'topology.test.yaml':
        'warrenTests: 1\ntests:\n  a: { publish: { publication: invoice-paid }, reaches: [audits] }\n',
    })

    const { code, stderr } = await warrenTest(folder)

    expect(code).toBe(3)
    expect(stderr).toContain('topology.test.yaml:3:58')
    expect(stderr).toContain('the topology has no queue "audits"')
    expect(stderr).toContain('did you mean "audit"?')
  })

  it('says where tests have to be if there are none', async () => {
    const folder = await folderWith({ 'topology.yaml': await readFile(GUIDE, 'utf8') })

    expect(await warrenTest(folder)).toMatchObject({ code: 3, stderr: expect.stringContaining('topology.test.yaml') })
  })
})

describe('expectRouted', () => {
  it('returns if a message reaches exactly these queues', async () => {
    const routed = expectRouted(GUIDE, { publication: 'invoice-paid' }, ['billing', 'audit'])
    await expect(routed).resolves.toBeUndefined()
  })

  it('throws the expected and the actual queues', async () => {
    await expect(expectRouted(GUIDE, { exchange: 'events', routingKey: 'x' }, ['billing'])).rejects.toMatchObject({
      message: 'the message reaches "audit", and not "billing"',
      expected: ['billing'],
      actual: ['audit'],
    })
  })
})
