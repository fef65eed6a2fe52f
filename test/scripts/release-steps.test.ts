import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly needs?: string
        readonly uses?: string
        readonly strategy?: { readonly matrix: { readonly node: readonly string[] } }
        readonly steps?: readonly { readonly name?: string; readonly run?: string }[]
      }
    >
  >
}

async function workflow(name: string): Promise<Workflow> {
  return parse(await readFile(join(ROOT, '.github/workflows', name), 'utf8')) as Workflow
}

/** The shell commands of all jobs of a workflow. */
async function commandsOf(name: string): Promise<string[]> {
  const { jobs } = await workflow(name)
  return Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap((step) => step.run?.trim().split('\n') ?? []))
}

describe('the workflows', () => {
  it.each(['ci.yml', 'release.yml'])('of %s run only existing scripts', async (name) => {
    const commands = await commandsOf(name)
    const scripts = commands.flatMap((each) => /^npm run (?:--silent )?([\w:]+)/.exec(each)?.[1] ?? [])
    const files = commands.flatMap((each) => /^(?:node|bash) ([\w./-]+)/.exec(each)?.[1] ?? [])

    expect(scripts.length + files.length).toBeGreaterThan(0)
    expect(scripts.filter((each) => !(each in manifest.scripts))).toEqual([])
    expect(files.filter((each) => !existsSync(join(ROOT, each)))).toEqual([])
  })

  it('try every version of Node.js that the support matrix has by default', async () => {
    const { jobs } = await workflow('ci.yml')
    const script = await readFile(join(ROOT, 'scripts/support-matrix.js'), 'utf8')
    const supported = [...(/SUPPORTED = \[(.*)\]/.exec(script)?.[1] ?? '').matchAll(/'([\d.]+)'/g)].map(
      ([, each]) => each,
    )
    const oldest = (await commandsOf('ci.yml')).flatMap((each) => / -- ([\d.]+)$/.exec(each)?.[1] ?? [])

    expect([...oldest, ...(jobs['node']?.strategy?.matrix.node ?? [])]).toEqual(supported)
    expect(manifest.engines.node).toBe(`>=${supported[0]}`)
  })

  it('publish only after the whole CI has passed', async () => {
    const { jobs } = await workflow('release.yml')

    expect(jobs['ci']?.uses).toBe('./.github/workflows/ci.yml')
    expect(jobs['publish']?.needs).toBe('ci')
  })
})

/** Runs a step of the release with fakes of npm and gh, which record how they were called. */
async function runStep(name: string, tag: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-release-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'release'))
  const version = tag.slice(1)
  for (const file of [`warren-${version}.tgz`, `warren-${version}.cdx.json`, 'SHA256SUMS', 'notes.md']) {
    await writeFile(join(folder, 'release', file), '')
  }
  for (const program of ['npm', 'gh']) {
    await writeFile(join(folder, program), `#!/bin/sh\nprintf '%s\\n' ${program} "$@" >> calls\n`)
    await chmod(join(folder, program), 0o755)
  }
  const { jobs } = await workflow('release.yml')
  const step = jobs['publish']?.steps?.find((each) => each.name === name)?.run ?? 'exit 1'
  const environment = { PATH: `${folder}:${process.env['PATH']}`, GITHUB_REF_NAME: tag }
  await run('bash', ['-euo', 'pipefail', '-c', step], { cwd: folder, env: environment })
  return (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n')
}

describe('a release', () => {
  it('publishes the built package with provenance, and a prerelease only with the tag next', async () => {
    const publish = (version: string, tag: string) =>
      [
        'npm',
        'publish',
        `./release/warren-${version}.tgz`,
        '--ignore-scripts',
        '--provenance',
        '--access',
        'public',
      ].concat(['--tag', tag])

    expect(await runStep('Publish to npm', 'v1.2.3')).toEqual(publish('1.2.3', 'latest'))
    expect(await runStep('Publish to npm', 'v2.0.0-rc.1')).toEqual(publish('2.0.0-rc.1', 'next'))
  })

  it('is published on GitHub with the package, the bill of materials and the checksums', async () => {
    const call = (version: string) =>
      `gh release create v${version} release/warren-${version}.tgz release/warren-${version}.cdx.json release/SHA256SUMS ` +
      `--verify-tag --title v${version} --notes-file release/notes.md`

    expect((await runStep('Release on GitHub', 'v1.2.3')).join(' ')).toBe(call('1.2.3'))
    expect((await runStep('Release on GitHub', 'v2.0.0-rc.1')).join(' ')).toBe(`${call('2.0.0-rc.1')} --prerelease`)
  })
})

// The programs in `scripts` have no types.
const bill: string = pathToFileURL(join(ROOT, 'scripts/release/bill-of-materials.js')).href
const { deliveredBill } = (await import(bill)) as {
  deliveredBill: (bill: unknown, name: string, licenses: readonly string[]) => unknown
}
const notes: string = pathToFileURL(join(ROOT, 'scripts/release/notes.js')).href
const { notesOf } = (await import(notes)) as { notesOf: (changelog: string, version: string) => string | undefined }

/** A component of a bill of materials. */
function component(name: string, version: string, development: boolean) {
  const properties = development ? [{ name: 'cdx:npm:package:development', value: 'true' }] : []
  return { 'bom-ref': `${name}@${version}`, name, version, properties }
}

describe('the bill of materials', () => {
  const whole = {
    metadata: { component: { 'bom-ref': 'warren@1.0.0', name: 'clone', version: '1.0.0' } },
    components: [
      component('yaml', '2.9.1', false),
      component('commander', '14.0.3', true),
      component('commander', '10.0.1', true),
      component('vitest', '4.1.12', true),
    ],
    dependencies: [
      { ref: 'warren@1.0.0', dependsOn: ['yaml@2.9.1', 'commander@14.0.3', 'vitest@4.1.12'] },
      { ref: 'vitest@4.1.12', dependsOn: [] },
      { ref: 'yaml@2.9.1', dependsOn: [] },
    ],
  }

  it('lists the dependencies and what the bundles contain, and no other tool of developers', () => {
    const licenses = `commander 14.0.3\n\nMIT\n\nnot 1.0.0\n\n${'-'.repeat(80)}\n\nyaml 2.9.1\n\nISC\n`

    expect(deliveredBill(whole, 'warren', [licenses])).toEqual({
      metadata: { component: { 'bom-ref': 'warren@1.0.0', name: 'warren', version: '1.0.0' } },
      components: [component('yaml', '2.9.1', false), component('commander', '14.0.3', true)],
      dependencies: [
        { ref: 'warren@1.0.0', dependsOn: ['yaml@2.9.1', 'commander@14.0.3'] },
        { ref: 'yaml@2.9.1', dependsOn: [] },
      ],
    })
  })

  it('is refused where a bundle contains a package that npm does not list', () => {
    expect(() => deliveredBill(whole, 'warren', ['diff 9.0.0\n\nBSD\n'])).toThrow('npm sbom does not list diff@9.0.0')
  })
})

describe('the notes of a release', () => {
  const changelog =
    '# Changelog\n\n## [Unreleased]\n\n## [1.0.1] - 2026-01-02\n\n### Fixed\n\n- This.\n\n## [1.0.0]\n\n- All.\n'

  it('are the section of the version in the changelog', () => {
    expect(notesOf(changelog, '1.0.1')).toBe('### Fixed\n\n- This.\n')
    expect(notesOf(changelog, '1.0.0')).toBe('- All.\n')
  })

  it('are missing if the section does not exist or is empty', () => {
    expect(notesOf(changelog, '1.0.2')).toBeUndefined()
    expect(notesOf(changelog, 'Unreleased')).toBeUndefined()
  })
})
