import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../../..')
const { version } = manifest

async function folderWith(changelog: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-release-files-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'changes.md'), changelog)
  return folder
}

/** Runs the script of the workflow. */
function release(folder: string, tag: string) {
  const args = ['scripts/release.js', '--tag', tag, '--out', join(folder, 'release')]
  return run(process.execPath, [...args, '--changelog', join(folder, 'changes.md')], { cwd: ROOT })
}

describe('scripts/release.js', () => {
  it('writes the package, its bill of materials, the checksums of both, and the notes', async () => {
    const folder = await folderWith(`## [${version}]\n\n- All.\n`)

    await release(folder, `v${version}`)

    const made = join(folder, 'release')
    const names = [`warren-${version}.tgz`, `warren-${version}.cdx.json`]
    expect((await readdir(made)).toSorted()).toEqual(['SHA256SUMS', 'notes.md', ...names].toSorted())
    const { stdout } = await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: made })
    expect(stdout).toBe(names.map((name) => `${name}: OK\n`).join(''))
    expect(await readFile(join(made, 'notes.md'), 'utf8')).toBe('- All.\n')
    const bill = JSON.parse(await readFile(join(made, String(names[1])), 'utf8')) as {
      readonly bomFormat: string
      readonly metadata: { readonly component: { readonly name: string; readonly version: string } }
      readonly components: readonly { readonly name: string }[]
    }
    expect([bill.bomFormat, bill.metadata.component]).toMatchObject(['CycloneDX', { name: 'warren', version }])
    const listed = bill.components.map(({ name }) => name)
    expect(listed).toEqual(expect.arrayContaining([...Object.keys(manifest.dependencies), 'commander', 'picocolors']))
    expect(listed.filter((name) => ['vitest', 'typescript', 'rolldown'].includes(name))).toEqual([])
  })

  it.each([
    ['another tag than the version', 'v99.0.0', `## [${version}]\n\n- All.\n`, 'the tag v99.0.0 is not'],
    ['a changelog without the version', `v${version}`, '## [Unreleased]\n\n- All.\n', 'the changelog has no section'],
  ])('refuses %s, and creates no file', async (_what, tag, changelog, message) => {
    const folder = await folderWith(changelog)

    await expect(release(folder, tag)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) })
    expect(await readdir(folder)).toEqual(['changes.md'])
  })
})
