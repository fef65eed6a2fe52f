import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { command } from '../integration/support/command-in-process.ts'
import { files } from '../integration/support/command-line.ts'

describe('warren init', () => {
  it('writes a topology without findings, the config and the pipeline', async () => {
    const folder = await files({})
    const args = ['init', folder, '--project', 'shop', '--workflow', 'github', '--yes']
    const { code, stdout } = await command(args)

    expect(code).toBe(0)
    expect(stdout).toContain(`written  ${join(folder, '.github/workflows/topology.yml')}`)
    expect(await command(['validate', join(folder, 'topology.yaml')])).toEqual({
      code: 0,
      stdout: expect.stringContaining('valid  project shop: '),
      stderr: '',
    })
    const config = parse(await readFile(join(folder, 'warren.config.yaml'), 'utf8')) as object
    expect(config).toMatchObject({ warrenConfig: 1, projects: { shop: {} }, environments: { prod: { confirm: true } } })
  })

  it.each(['a: b', 'true', '- x', 'naïve "shop"', '#1'])(
    'quotes a name that YAML would read in another way: %s',
    async (name) => {
      const folder = await files({})
      await command(['init', folder, '--project', name, '--yes'])

      expect(parse(await readFile(join(folder, 'topology.yaml'), 'utf8'))).toMatchObject({ project: name })
      const config = parse(await readFile(join(folder, 'warren.config.yaml'), 'utf8')) as { projects: object }
      expect(Object.keys(config.projects)).toEqual([name])
    },
  )

  it('keeps existing files', async () => {
    const folder = await files({})
    await writeFile(join(folder, 'topology.yaml'), 'mine')

    expect(await command(['init', folder, '--yes'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('kept     '),
    })
    expect(await readFile(join(folder, 'topology.yaml'), 'utf8')).toBe('mine')
  })

  it('refuses an unknown pipeline', async () => {
    expect(await command(['init', await files({}), '--workflow', 'travis', '--yes'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('github, gitlab, none'),
    })
  })
})
