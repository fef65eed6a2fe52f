import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkWritable, READABLE, writeFileTo } from '../../../src/cli/output/write-file-to.ts'

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'warren-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const permissions = (path: string) => statSync(path).mode & 0o777

describe('writing a file that an option names', () => {
  it('leaves only the file in its folder, readable by its owner only unless it is for later steps', () => {
    const folder = freshFolder()
    writeFileTo('--out', join(folder, 'plan.json'), 'a plan')
    writeFileTo('--report', join(folder, 'report.json'), 'a report', READABLE)

    expect(readdirSync(folder)).toEqual(['plan.json', 'report.json'])
    expect(readFileSync(join(folder, 'plan.json'), 'utf8')).toBe('a plan')
    expect(permissions(join(folder, 'plan.json'))).toBe(0o600)
    expect(permissions(join(folder, 'report.json'))).toBe(READABLE & ~process.umask())
  })

  it('replaces an existing file completely and keeps its permissions', () => {
    const path = join(freshFolder(), 'undo.json')
    writeFileSync(path, 'old')
    chmodSync(path, 0o640)
    const copy = `${path}.copy`
    linkSync(path, copy)
    writeFileTo('--out-undo', path, 'new')

    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(permissions(path)).toBe(0o640)
    expect(readFileSync(copy, 'utf8')).toBe('old')
  })

  it('writes the file behind a symbolic link and keeps the link, also when the file does not exist yet', () => {
    const folder = freshFolder()
    const link = join(folder, 'latest.json')
    symlinkSync('plan-1.json', link)
    writeFileTo('--out', link, 'first')
    writeFileTo('--out', link, 'second')

    expect(readlinkSync(link)).toBe('plan-1.json')
    expect(readFileSync(join(folder, 'plan-1.json'), 'utf8')).toBe('second')
  })

  it('writes into pipes and devices instead of replacing them', async () => {
    const pipe = join(freshFolder(), 'pipe')
    execFileSync('mkfifo', [pipe])
    const reader = spawn('timeout', ['120', 'cat', pipe])
    const read = new Promise((resolve) => reader.stdout.on('data', (chunk: Buffer) => resolve(chunk.toString())))
    checkWritable('--out', pipe)
    writeFileTo('--out', pipe, 'through the pipe')
    writeFileTo('--out', '/dev/null', 'nowhere')

    expect(await read).toBe('through the pipe')
    expect(statSync(pipe).isFIFO()).toBe(true)
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  it.each([
    ['a folder', (folder: string) => folder, 'cannot be written (EISDIR)'],
    ['a path in a folder that does not exist', (folder: string) => join(folder, 'none', 'a'), 'there is no folder'],
    ['a full device', () => '/dev/full', 'cannot be written (ENOSPC)'],
  ])('refuses %s and says why', (_what, pathIn, reason) => {
    const folder = freshFolder()

    expect(() => writeFileTo('--out', pathIn(folder), 'text')).toThrow(reason)
    expect(readdirSync(folder)).toEqual([])
  })

  it('leaves nothing behind when it only checks', () => {
    const folder = freshFolder()
    checkWritable('--out', join(folder, 'new.json'))
    writeFileSync(join(folder, 'old.json'), 'old')
    checkWritable('--out', join(folder, 'old.json'))

    expect(readdirSync(folder)).toEqual(['old.json'])
    expect(readFileSync(join(folder, 'old.json'), 'utf8')).toBe('old')
  })
})
