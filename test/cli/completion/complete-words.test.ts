import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { command } from '../../integration/support/command-in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'warren-completion-'))
const config = join(folder, 'warren.config.yaml')
writeFileSync(
  config,
  `warrenConfig: 1
projects:
  billing: { paths: [billing.yaml] }
  shipping: { paths: [shipping.yaml] }
environments:
  staging: { url: "http://localhost:1" }
  prod: { url: "http://localhost:2", confirm: true }
`,
)
writeFileSync(join(folder, 'billing.yaml'), 'warren: 1\nproject: billing\nvhost: /shop\nqueues:\n  invoices:\n')
writeFileSync(
  join(folder, 'shipping.yaml'),
  'warren: 1\nproject: shipping\nvhost: /shop\nexchanges:\n  parcels: { type: topic }\n',
)
afterAll(() => rmSync(folder, { recursive: true }))

/**
 * The first line of the output, which says whether the shell adds paths, and the candidates without their
 * descriptions.
 */
async function completed(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await command(['complete', '--', ...words])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '')
}

describe('warren complete', () => {
  it('completes commands and their subcommands', async () => {
    expect(await completed('pl')).toEqual(['words', 'plan'])
    expect(await completed('dlq', '')).toEqual(['words', 'list', 'peek', 'replay', 'purge', 'help'])
    expect(await completed('no-command', '')).toEqual(['words'])
  })

  it('describes commands and options as the help does', async () => {
    expect((await command(['complete', '--', 'pla'])).stdout).toBe(
      'words\nplan\tcompare topology files with the live broker\n',
    )
    expect((await command(['complete', '--', 'plan', '--prun'])).stdout).toBe(
      'words\n--prune\talso delete objects that this project owns and no longer declares\n',
    )
  })

  it('does not offer itself', async () => {
    expect(await completed('comp')).toEqual(['words', 'compile', 'completion'])
  })

  it('completes the values of options and arguments with a few allowed words', async () => {
    expect(await completed('plan', '--format', 'ma')).toEqual(['words', 'markdown'])
    expect(await completed('owners', '--format', '')).toEqual(['words', 'text', 'json'])
    expect(await completed('graph', '--group-by', '')).toEqual(['words', 'prefix', 'owner', 'vhost'])
    expect(await completed('graph', '--kind', 'e')).toEqual(['words', 'exchange'])
    expect(await completed('schema', '')).toEqual(['words', 'topology', 'config', 'templates', 'tests'])
    expect(await completed('explain', 'STALE')).toEqual(['words', 'STALE_PLAN'])
    expect(await completed('explain', 'literal')).toEqual(['words', 'literal-secret'])
    expect(await completed('breaking', '--allow', 'queue-ren')).toEqual(['words', 'queue-renamed:'])
  })

  it('leaves paths to the shell', async () => {
    expect(await completed('plan', '')).toEqual(['paths'])
    expect(await completed('plan', '--overlay', '')).toEqual(['paths'])
    expect(await completed('plan', '--report', '')).toContain('markdown=')
    expect(await completed('plan', '--report', 'json=')).toEqual(['paths'])
  })

  it('completes the projects and environments of the config', async () => {
    expect(await completed('plan', '--config', config, '-e', '')).toEqual(['words', 'staging', 'prod'])
    expect(await completed('plan', '--config', config, '--environment=p')).toEqual(['words', '--environment=prod'])
    expect(await completed('plan', '--config', config, '--project', '')).toEqual(['words', 'billing', 'shipping'])
    expect(await completed('apply', '--config', config, '--confirm', '')).toEqual(['words', 'prod'])
    expect(await completed('destroy', '--config', config, '--confirm', 'b')).toEqual(['words', 'billing'])
  })

  it('completes addresses that the files of the chosen projects declare', async () => {
    const chosen = ['plan', '--config', config, '--project', 'billing']
    expect(await completed(...chosen, '--target', '')).toEqual(['words', 'vhost:%2Fshop', 'queue:%2Fshop/invoices'])
    expect(await completed(...chosen, '--allow', 'delete=queue')).toEqual(['words', 'delete=queue:%2Fshop/invoices'])
    expect(await completed('plan', '--config', config, '--rebind', '')).toEqual(['words', 'exchange:%2Fshop/parcels'])
  })

  it('offers nothing if the files are invalid', async () => {
    const broken = join(folder, 'broken.yaml')
    writeFileSync(broken, 'warrenConfig: [\n')
    expect(await completed('plan', '--config', broken, '-e', '')).toEqual(['words'])
    expect(await completed('plan', '--config', broken, '--target', '')).toEqual(['words'])
  })

  it('treats words after -- as arguments', async () => {
    expect(await completed('plan', '--', '--fo')).toEqual(['paths'])
  })
})

describe('warren completion', () => {
  it('prints a script for each shell, and refuses others', async () => {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
      expect(await command(['completion', shell])).toEqual({
        code: 0,
        stdout: expect.stringContaining('warren complete'),
        stderr: '',
      })
    }
    expect(await command(['completion', 'csh'])).toMatchObject({ code: 3, stdout: '' })
  })
})
