import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCommandLine } from '../../../src/cli/run-command-line.ts'
import { pageScript } from '../../../src/render/page/page-script.ts'
import { bindToLive } from '../../../src/plan/saved/saved-plan.ts'
import { digestOf } from '../../../src/plan/saved/digest.ts'
import { withChecksum } from '../../../src/plan/saved/checksum.ts'
import { queue, topology, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { silentProcess } from '../../builders/silent-io.ts'

const ROOT = join(import.meta.dirname, '../../..')
const TOPOLOGY = join(ROOT, 'test/guides/graph/topology.yaml')

async function graph(...args: readonly string[]) {
  let [stdout, stderr] = ['', '']
  const io = silentProcess({ out: (text) => void (stdout += text), err: (text) => void (stderr += text) })
  const code = await runCommandLine(['graph', '--no-config', ...args], io)
  return { code, stdout, stderr }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-graph-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

describe('warren graph', () => {
  it('prints the pictures of the guide', async () => {
    const page = await readFile(join(ROOT, 'docs/how-to/graph.md'), 'utf8')
    const pictures = [...page.matchAll(/^```sh\nwarren graph ([^\n]*)\n```\n[^`]*^```mermaid\n([^]*?)^```/gm)]

    expect(pictures).toHaveLength(2)
    for (const [, line = '', output] of pictures) {
      const words = line.split(' ').map((word) => (word === 'topology.yaml' ? TOPOLOGY : word))
      expect(await graph(...words)).toEqual({ code: 0, stdout: output, stderr: '' })
    }
    expect(page).toContain(await readFile(TOPOLOGY, 'utf8'))
  })

  it('prints the picture of the README', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
    const [, picture] = /^```mermaid\n([^]*?)^```/m.exec(readme) ?? []

    const { stdout } = await graph(join(ROOT, 'test/readme/topology.yaml'))
    expect(picture).toBe(stdout)
  })

  it('writes DOT into a file', async () => {
    const out = join(await temporaryFolder(), 'topology.dot')

    expect(await graph(TOPOLOGY, '--format', 'dot', '--kind', 'queue', '--out', out)).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
    const text = await readFile(out, 'utf8')
    expect(text).toMatch(/^digraph warren \{\n[^]*"0 queue:shop\/lost" \[label="lost\\nquorum", shape=box/)
    expect(text).not.toContain('exchange:')
  })

  it('writes a finished picture as SVG', async () => {
    const { code, stdout } = await graph(TOPOLOGY, '--format', 'svg')

    expect(code).toBe(0)
    expect(stdout).toMatch(/^<svg [^]*<\/svg>\n$/)
    expect(stdout).toContain('data-id="queue:shop/billing"')
    expect(stdout).toContain('fails → 5s → 30s → 5m')
  })

  it('writes a page without secrets, and with unchanged code even if a password equals a part of the code', async () => {
    const folder = await temporaryFolder()
    const [path, out] = [join(folder, 'topology.yaml'), join(folder, 'topology.html')]
    const passwords = ['addEventListener', 'secret-of-the-mailer']
    await writeFile(
      path,
      [
        'warren: 1',
        'project: mail',
        'vhost: mail',
        `queues: { mails: { type: classic, arguments: { x-note: ${passwords[1]} } } }`,
        `users: { one: { password: ${passwords[0]} }, mailer: { password: ${passwords[1]} } }`,
      ].join('\n'),
    )

    expect(await graph(path, '--format', 'html', '--out', out)).toMatchObject({ code: 0, stdout: '' })
    const html = await readFile(out, 'utf8')
    const [, data = ''] = /id="data">([^<]*)</.exec(html) ?? []
    expect(html).toContain(await pageScript())
    expect(gunzipSync(Buffer.from(data, 'base64')).toString()).toMatch(/"mails"[^]*"x-note":"\(secret\)"/)
    for (const text of [html.replace(await pageScript(), ''), gunzipSync(Buffer.from(data, 'base64')).toString()]) {
      expect(passwords.filter((password) => text.includes(password))).toEqual([])
    }
  })

  it('marks what a saved plan changes', async () => {
    const path = join(await temporaryFolder(), 'plan.json')
    const old = queue('old', { vhost: 'shop' })
    const live = topology({ vhosts: [vhost('shop')], queues: [old] })
    const plan = planOf(live, live)
    const deletion = { kind: 'queue', address: 'queue:shop/old', action: 'delete', before: old } as const
    const changed = { ...plan, changes: [deletion] }
    const saved = withChecksum(bindToLive({ ...changed, digest: digestOf(changed) }, live))
    await writeFile(path, JSON.stringify(saved))

    const { code, stdout, stderr } = await graph(TOPOLOGY, '--plan', path)

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/\["old<br\/>.*#8722; is deleted"\]:::delete/)
    expect(await graph(TOPOLOGY, '--plan', TOPOLOGY)).toMatchObject({ code: 3, stdout: '' })
  })

  it('draws definitions that a broker exported, and only the chosen vhost', async () => {
    const path = join(await temporaryFolder(), 'definitions.json')
    const queues = ['a', 'b'].map((vhost) => ({
      name: `of-${vhost}`,
      vhost,
      durable: true,
      auto_delete: false,
      arguments: {},
    }))
    await writeFile(path, JSON.stringify({ rabbitmq_version: '4.3.0', vhosts: [{ name: 'a' }, { name: 'b' }], queues }))

    const { code, stdout } = await graph('--from', path, '--vhost', 'b')

    expect(code).toBe(0)
    expect(stdout).toContain('of-b')
    expect(stdout).not.toContain('of-a')
  })

  it('says when nothing matches, and refuses an unknown vhost, kind or grouping', async () => {
    expect(await graph(TOPOLOGY, '--owner', 'nobody')).toMatchObject({
      code: 0,
      stderr: 'Nothing is drawn: no exchange, queue or route matches.\n',
    })
    expect(await graph(TOPOLOGY, '--vhost', 'shopp')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('did you mean "shop"?'),
    })
    expect(await graph(TOPOLOGY, '--kind', 'user')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('use one of: publication, exchange, queue, subscription'),
    })
    expect(await graph(TOPOLOGY, '--group-by', 'size')).toMatchObject({ code: 3 })
  })

  it('does not write over a file that it reads', async () => {
    expect(await graph(TOPOLOGY, '--out', TOPOLOGY)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('is the same file as'),
    })
  })
})
