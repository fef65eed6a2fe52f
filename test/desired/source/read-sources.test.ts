import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { explainFinding as sentenceOf } from '../../../src/diagnostics/findings/finding.ts'
import { readSources } from '../../../src/desired/source/read-sources.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sources-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function write(path: string, content: string | Buffer = path): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), content)
}

/** The paths relative to the folder, and the findings. */
async function read(...paths: string[]): Promise<{ paths: string[]; findings: string[] }> {
  const { sources, findings } = await readSources(paths.map((path) => join(folder, path)))
  const relative = (text: string): string => text.replaceAll(`${folder}/`, '').replaceAll(folder, '.')
  return {
    paths: sources.map(({ path }) => relative(path)),
    findings: findings.map((found) => relative(`${found.code}: ${sentenceOf(found).message}`)),
  }
}

describe('readSources', () => {
  it('reads all YAML files of a folder and its sub-folders, sorted by path', async () => {
    for (const path of ['b.yaml', 'a/z.yml', 'a.yaml', 'a/b/c.YAML', 'note.txt', 'yaml']) await write(path)
    for (const path of ['.hidden/x.yaml', '.x.yaml', 'node_modules/p/x.yaml']) await write(path)

    expect(await read('.')).toEqual({ paths: ['a.yaml', 'a/b/c.YAML', 'a/z.yml', 'b.yaml'], findings: [] })
  })

  it('reads a file with any name, in the given order, each once', async () => {
    for (const path of ['b.yaml', 'a.yaml', 'topology']) await write(path)
    await symlink(join(folder, 'a.yaml'), join(folder, 'link.yaml'))

    expect(await read('topology', 'b.yaml', '.', 'a.yaml')).toEqual({
      paths: ['topology', 'b.yaml', 'a.yaml'],
      findings: [],
    })
  })

  it('follows links, except in a cycle', async () => {
    await write('data/a.yaml')
    await mkdir(join(folder, 'shown'))
    await symlink(join(folder, 'data'), join(folder, 'shown/linked'))
    await symlink(join(folder, 'shown'), join(folder, 'shown/self'))
    await symlink(join(folder, 'nowhere'), join(folder, 'shown/lost.yaml'))

    expect(await read('shown')).toEqual({
      paths: ['shown/linked/a.yaml'],
      findings: ['file-unreadable: cannot read shown/lost.yaml: there is no such file'],
    })
  })

  it('shows paths as given', async () => {
    await write('a.yaml', 'text')
    const given = `${folder}/../${folder.split('/').at(-1) ?? ''}/a.yaml`

    expect(await readSources([given])).toEqual({ sources: [{ path: given, text: 'text' }], findings: [] })
  })

  it('reports missing paths and empty folders', async () => {
    await mkdir(join(folder, 'empty'))
    await write('a.yaml')

    expect(await read('empty', 'nope.yaml', 'a.yaml', 'a.yaml/b', 'no\0pe')).toEqual({
      paths: ['a.yaml'],
      findings: [
        'folder-without-files: the folder empty contains no *.yaml or *.yml file',
        'file-unreadable: cannot read nope.yaml: there is no such file',
        'file-unreadable: cannot read a.yaml/b: there is no such file',
        'file-unreadable: cannot read no\0pe: the path is not valid',
      ],
    })
  })

  it('removes a byte-order mark, and reports text that is not UTF-8', async () => {
    await write('bom.yaml', '\uFEFFa: 1')
    await write('latin1.yaml', Buffer.from('a: 1\nb: "\uFFFD gr\xF6\xDFe"\n', 'latin1'))
    await write('replaced.yaml', Buffer.concat([Buffer.from('a: \uFFFD\nbc'), Buffer.from([0xc3])]))
    await write('utf16.yaml', Buffer.from('\uFEFFa: 1', 'utf16le'))
    const { sources, findings } = await readSources([folder])

    expect(sources).toEqual([{ path: join(folder, 'bom.yaml'), text: 'a: 1' }])
    expect(findings.map(({ code, location }) => [code, location?.line, location?.column])).toEqual([
      ['file-not-utf8', 2, 5],
      ['file-not-utf8', 2, 3],
      ['file-not-utf8', 1, 1],
    ])
  })

  it('skips other kinds of files in a folder, and reads them if they are named', async () => {
    await write('a.yaml', '# first\nwarren: 1\n')
    await write('b.yaml', '# yaml-language-server: $schema=x\n---\nwarrenTests: 1\n')
    await write('c.yaml', '"warrenTemplates": 1\n')
    await write('d.yaml', '{ warrenConfig: 1 }')
    await write('e.yaml', 'x-shared: &shared\n  warrenTests: 1\nwarren: 1\n')
    await write('f.json', '{ "warren": 1 }')

    expect(await read('.')).toEqual({ paths: ['a.yaml', 'e.yaml'], findings: [] })
    expect(await read('.', 'c.yaml', 'f.json')).toEqual({
      paths: ['a.yaml', 'e.yaml', 'c.yaml', 'f.json'],
      findings: [],
    })
  })

  it('reports a folder that contains only other kinds of files', async () => {
    await write('tests/a.yaml', 'warrenTests: 1\n')

    expect(await read('tests')).toEqual({
      paths: [],
      findings: ['folder-without-files: the folder tests contains no topology, only other files of warren'],
    })
  })

  it('reads standard input once, if it is available', async () => {
    const readInput = () => Promise.resolve(Buffer.from('\uFEFFwarren: 1'))

    expect(await readSources(['-', '-'], readInput)).toEqual({
      sources: [{ path: '<stdin>', text: 'warren: 1' }],
      findings: [],
    })
    const { findings } = await readSources(['-'])
    expect(findings.map((each) => sentenceOf(each).message)).toEqual([
      'cannot read -: it means standard input, which is not available here',
    ])
  })
})
