import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { files } from '../integration/support/command-line.ts'
import { warren } from '../integration/support/warren-in-process.ts'

async function repository(queue: string): Promise<string> {
  return files({
    '.git/HEAD': '',
    'warren.config.yaml': `warrenConfig: 1
projects: { billing: { paths: [billing.yaml] }, shipping: { paths: [shipping.yaml] } }
environments: { test: { url: "http://127.0.0.1:1" }, prod: { url: "http://127.0.0.1:1" } }
`,
    'billing.yaml': 'warren: 1\nproject: billing\nqueues: { bills: { type: classic } }\n',
    'shipping.yaml': `warren: 1\nproject: shipping\nqueues: { parcels: ${queue} }\n`,
  })
}

const RUNS = ['test / billing', 'test / shipping', 'prod / billing', 'prod / shipping']
const suitesIn = (xml: string) => [...xml.matchAll(/<testsuite name="([^"]+)"/g)].map(([, name]) => name)

describe('a validation of several runs', () => {
  it('has a suite for each run in JUnit, and a row in Markdown, valid or not', async () => {
    for (const [queue, code, row] of [
      ['{ type: quorum }', 0, '| prod | shipping | 0 | 0 | ✅ valid |'],
      ['{ typ: quorum }', 3, '| prod | shipping | 2 | 0 | ❌ INVALID\\_INPUT |'],
    ] as const) {
      const folder = await repository(queue)
      const junit = await warren(['validate', '--format', 'junit'], { folder })
      const markdown = await warren(['validate', '--format', 'markdown'], { folder })

      expect([junit.code, markdown.code]).toEqual([code, code])
      expect(suitesIn(junit.stdout)).toEqual(RUNS)
      expect(markdown.stdout).toContain(row)
      expect(markdown.stdout).toContain('| prod | billing | 0 | 0 | ✅ valid |')
    }
  })

  it.each(['validate', 'lint'])(
    'covers all environments with %s unless one is named, and needs no connections',
    async (command) => {
      const folder = await repository('{ type: quorum }')
      await writeFile(
        join(folder, 'warren.config.yaml'),
        `warrenConfig: 1
projects: { billing: { paths: [billing.yaml], overlays: { prod: [wrong.yaml] } } }
environments: { test: { url: "\${env:UNSET}" }, prod: { url: "\${env:UNSET}", password: "\${env:UNSET}" } }
defaultEnvironment: test
`,
      )
      await writeFile(join(folder, 'wrong.yaml'), 'queues: { bills: { maxLength: many } }\n')
      const all = await warren([command], { folder })

      expect(all).toMatchObject({ code: 3, stderr: expect.stringContaining('wrong.yaml:1:31') })
      expect(all.stderr).not.toContain('UNSET')
      expect(await warren([command, '-e', 'test'], { folder })).toMatchObject({ code: 0 })
    },
  )

  it('reports a finding of several runs once in formats that do not show runs', async () => {
    const folder = await repository('{ typ: quorum }')
    const of = async (format: string) => (await warren(['validate', '--format', format], { folder })).stdout

    expect((await of('github')).match(/^::error file=shipping\.yaml/gm)).toHaveLength(1)
    const issues = JSON.parse(await of('gitlab')) as { fingerprint: string }[]
    expect(issues.map(({ fingerprint }) => fingerprint)).toHaveLength(
      new Set(issues.map(({ fingerprint }) => fingerprint)).size,
    )
    const sarif = JSON.parse(await of('sarif'))
    expect(sarif.runs).toHaveLength(1)
    expect(sarif.runs[0].results).toHaveLength(2)
    const json = JSON.parse(await of('json'))
    expect(json).toMatchObject({ code: 'INVALID_INPUT', findings: [{ location: { file: 'shipping.yaml' } }] })
  })

  it('accepts a vhost of --vhost that only one project describes, and refuses one that none describes', async () => {
    const folder = await repository('{ type: quorum }')
    await writeFile(
      join(folder, 'billing.yaml'),
      'warren: 1\nproject: billing\nvhost: /bills\nqueues: { bills: { type: classic } }\n',
    )
    const known = await warren(['validate', '--vhost', '/bills=/test', '--format', 'json'], { folder })
    const unknown = await warren(['validate', '--vhost', '/bills=/test', '--vhost', '/bill=/test'], { folder })

    expect({ code: known.code, stderr: known.stderr }).toEqual({ code: 0, stderr: '' })
    expect(unknown.code).toBe(3)
    expect(unknown.stderr.match(/vhost-mapping-unknown/g)).toHaveLength(1)
    expect(unknown.stderr).toContain('no document describes the vhost "/bill"')
    expect(unknown.stderr).toContain('did you mean "/bills"?')
  })

  it('accepts a variable of --var that only one project uses, and refuses one that none uses, without its value', async () => {
    const folder = await repository('{ type: quorum, maxLength: "${var:size}" }')
    for (const command of ['validate', 'lint']) {
      const known = await warren([command, '--var', 'size=5'], { folder })
      const unknown = await warren([command, '--var', 'size=5', '--var', 'sise=hidden'], { folder })

      expect({ code: known.code, stderr: known.stderr }).toEqual({ code: 0, stderr: '' })
      expect(unknown.code).toBe(3)
      expect(unknown.stderr.match(/variable-unused/g)).toHaveLength(1)
      expect(unknown.stderr).toContain('no file refers to the variable "sise", so its value has no effect')
      expect(unknown.stderr).toContain('did you mean "size"?')
      expect(unknown.stderr).not.toContain('hidden')
    }
  })
})
