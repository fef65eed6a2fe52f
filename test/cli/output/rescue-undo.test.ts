import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { orRescueUndo } from '../../../src/cli/output/rescue-undo.ts'
import { silentIo } from '../../builders/silent-io.ts'

const FULL = '/dev/full'
const TEXT = `${JSON.stringify({ changes: ['delete queue:%2F/a'], digest: 'cafe1234'.repeat(8) }, undefined, 2)}\n`
const UNDO = { name: 'undo.json', text: TEXT }

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'warren-rescue-'))))
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** Writes undo plans to a full device, with another folder for temporary files. */
function rescued(
  temporary: string,
  parts: { readonly errIsTerminal: boolean; readonly isFolder?: boolean },
  files = [UNDO],
) {
  vi.stubEnv('TMPDIR', temporary)
  let stderr = ''
  const io = silentIo({ errIsTerminal: parts.errIsTerminal, err: (text) => void (stderr += text) })
  // A password that equals a part of a digest, which is masked in sentences only.
  io.secrets.add('cafe1234')
  const target = { path: FULL, isFolder: parts.isFolder ?? false }
  expect(() => orRescueUndo(target, files, io, () => io.file('--out-undo', FULL, TEXT))).toThrow('(ENOSPC)')
  return stderr
}

describe('an undo plan that cannot be written', () => {
  it('is printed whole on standard error, which the log of a pipeline keeps', () => {
    const stderr = rescued(folder, { errIsTerminal: false })

    expect(stderr).toContain(`${FULL} could not be written; the undo plan follows instead`)
    expect(stderr).toContain(`----- begin undo.json -----\n${TEXT}----- end undo.json -----\n`)
    expect(readdirSync(folder)).toEqual([])
  })

  it('is saved in the folder for temporary files at a terminal, readable by its owner only', () => {
    const stderr = rescued(folder, { errIsTerminal: true })

    const [, path = ''] = /the undo plan is in (\S+): warren apply/.exec(stderr) ?? []
    expect(readFileSync(path, 'utf8')).toBe(TEXT)
    expect([statSync(path).mode & 0o777, path.startsWith(folder)]).toEqual([0o600, true])
    expect(stderr).not.toContain('begin undo.json')
  })

  it('is printed at a terminal too if the folder does not exist', () => {
    expect(rescued(join(folder, 'none'), { errIsTerminal: true })).toContain(`----- begin undo.json -----\n${TEXT}`)
  })

  it('is saved or printed in parts if there are several runs', () => {
    const files = [UNDO, { name: 'index.json', text: '{}\n' }]
    const atTerminal = rescued(folder, { errIsTerminal: true, isFolder: true }, files)
    const [, saved = ''] = /the undo plan is in (\S+): warren apply/.exec(atTerminal) ?? []

    expect(readdirSync(saved).toSorted()).toEqual(['index.json', 'undo.json'])
    expect(rescued(folder, { errIsTerminal: false, isFolder: true }, files)).toMatch(
      /save each part under its name in one folder.*begin undo\.json.*end undo\.json.*begin index\.json -----\n\{\}\n----- end index\.json/s,
    )
  })
})
