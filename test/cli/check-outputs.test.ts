import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkOutputs } from '../../src/cli/check-outputs.ts'

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'warren-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe('the files that a run writes', () => {
  it('are refused if two options name one file', () => {
    const path = join(freshFolder(), 'new.json')

    expect(() => checkOutputs({ outUndo: path, report: [`json=${path}`] }, {})).toThrow(
      `--report ${path} is the same file as --out-undo ${path}`,
    )
    expect(() => checkOutputs({ report: [`json=${path}`, `text=${path}`] }, {})).toThrow('is the same file')
    expect(() => checkOutputs({ out: path, report: [`json=${path}`] }, {})).toThrow('is the same file')
  })

  it('are refused if a link makes two of them one file', () => {
    const folder = freshFolder()
    const [file, hard, soft, ahead] = ['file', 'hard', 'soft', 'ahead'].map((name) => join(folder, name))
    writeFileSync(file as string, '{}')
    linkSync(file as string, hard as string)
    symlinkSync('file', soft as string)
    symlinkSync('later', ahead as string)

    for (const other of [hard, soft]) {
      expect(() => checkOutputs({ outUndo: file as string, report: [`json=${other}`] }, {})).toThrow('is the same file')
    }
    const later = join(folder, 'later')
    expect(() => checkOutputs({ outUndo: later, report: [`json=${ahead}`] }, {})).toThrow('is the same file')
  })

  it.each(['paths', 'overlays', 'variableFiles'])('are refused if one is among the %s that the run reads', (kind) => {
    const path = join(freshFolder(), 'topology.yaml')
    writeFileSync(path, 'warren: 1\n')

    for (const outputs of [{ out: path }, { outUndo: path }, { report: [`json=${path}`] }]) {
      expect(() => checkOutputs(outputs, { [kind]: [path] })).toThrow(`${path} is the same file as`)
    }
  })

  it('may be several, and devices may be repeated', () => {
    const folder = freshFolder()
    const report = ['json=/dev/null', 'text=/dev/null', `diff=${join(folder, 'diff')}`]

    expect(() => checkOutputs({ outUndo: join(folder, 'undo'), report }, { paths: [folder] })).not.toThrow()
    expect(() => checkOutputs({ outUndo: '/dev/stdout', report: ['json=/dev/stdout'] }, {})).not.toThrow()
  })
})
