import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { changesSince } from '../../src/git/changes-since.ts'
import { repository } from './repository.ts'

const anyKind = () => true

describe('the changes since a commit', () => {
  it('are files that were edited, added or deleted, committed or not', async () => {
    const { folder, write, remove, commit } = repository({ 'a.yaml': '1', 'b.yaml': '1', 'c.yaml': '1', 'd.yaml': '1' })
    write({ 'a.yaml': '2' })
    commit()
    write({ 'b.yaml': '2', 'new.yaml': '1' })
    remove('c.yaml')

    const { isChanged } = await changesSince('HEAD~1', folder)

    const changed = []
    for (const name of ['a', 'b', 'c', 'd', 'new']) {
      if (await isChanged(join(folder, `${name}.yaml`))) changed.push(name)
    }
    expect(changed).toEqual(['a', 'b', 'c', 'new'])
  })

  it('include untracked files, because nothing is known about them', async () => {
    const { folder, write } = repository({ '.gitignore': 'generated.yaml\n' })
    write({ 'generated.yaml': '1' })

    const { isChanged } = await changesSince('HEAD', folder)

    expect(await isChanged(join(folder, 'generated.yaml'))).toBe(true)
    expect(await isChanged(import.meta.filename)).toBe(true)
    expect(await isChanged(join(folder, '.gitignore'))).toBe(false)
  })

  it('are found below a folder, where deleted files count too', async () => {
    const { folder, remove } = repository({ 'a/x/deleted.yaml': '1', 'ab/kept.yaml': '1' })
    remove('a/x/deleted.yaml')

    const { isChangedBelow } = await changesSince('HEAD', folder)

    expect(await isChangedBelow(join(folder, 'a'), anyKind)).toBe(true)
    expect(await isChangedBelow(join(folder, 'a'), () => false)).toBe(false)
    expect(await isChangedBelow(join(folder, 'a/x/deleted.yaml'), () => false)).toBe(true)
    expect(await isChangedBelow(join(folder, 'ab'), anyKind)).toBe(false)
  })

  it('are found through a link and at its target', async () => {
    const { folder, write, commit } = repository({ 'target.yaml': '1', 'other.yaml': '1' })
    symlinkSync('target.yaml', join(folder, 'link.yaml'))
    commit()
    write({ 'target.yaml': '2' })
    expect(await (await changesSince('HEAD', folder)).isChanged(join(folder, 'link.yaml'))).toBe(true)

    commit()
    rmSync(join(folder, 'link.yaml'))
    symlinkSync('other.yaml', join(folder, 'link.yaml'))
    expect(await (await changesSince('HEAD', folder)).isChanged(join(folder, 'link.yaml'))).toBe(true)
  })

  it('need a repository and an existing commit', async () => {
    const { folder } = repository({ a: '1' })
    const outside = mkdtempSync(join(tmpdir(), 'warren-no-git-'))
    onTestFinished(() => rmSync(outside, { recursive: true }))

    await expect(changesSince('main', outside)).rejects.toThrow('is not in a git repository')
    await expect(changesSince('no-such-branch', folder)).rejects.toThrow('has no commit "no-such-branch"')
    await expect(changesSince('--output=stolen', folder)).rejects.toThrow('has no commit "--output=stolen"')
  })
})
