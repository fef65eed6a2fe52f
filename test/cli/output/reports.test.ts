import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { silentIo } from '../../builders/silent-io.ts'
import { WarrenError } from '../../../src/diagnostics/warren-error.ts'
import { readOutputs, withOutputs } from '../../../src/cli/output/reports.ts'

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const io = silentIo()

describe('reports', () => {
  it('are requested by format and path', () => {
    expect(readOutputs({ format: 'text', report: ['json=a=b.json', 'text=/tmp/x y'] }, io)).toMatchObject([
      { format: 'text', path: '-' },
      { format: 'json', path: 'a=b.json' },
      { format: 'text', path: '/tmp/x y' },
    ])
    expect(readOutputs({ format: 'sarif' }, io)).toMatchObject([{ format: 'sarif', path: '-' }])
  })

  it.each([
    ['plan.json', /not of the form FORMAT=PATH/],
    ['json=', /not of the form FORMAT=PATH/],
    ['xml=a', /--report xml is not known/],
  ])('refuse %s', (text, message) => {
    expect(() => readOutputs({ format: 'text', report: [text] }, io)).toThrow(message)
  })

  it('are all written, in their formats', async () => {
    const folder = await freshFolder()
    const reports = readOutputs({ format: 'text', report: [`json=${folder}/a`, `text=${folder}/b`] }, io)
    await withOutputs('plan', reports, io, (write) => write(async (format) => `as ${format}`))

    expect([await readFile(`${folder}/a`, 'utf8'), await readFile(`${folder}/b`, 'utf8')]).toEqual([
      'as json',
      'as text',
    ])
  })

  it('report that there is no result if the run failed earlier', async () => {
    const folder = await freshFolder()
    const run = withOutputs(
      'plan',
      readOutputs({ format: 'text', report: [`json=${folder}/a`, `text=${folder}/b`] }, io),
      io,
      () => Promise.reject(new Error('the broker is gone')),
    )

    await expect(run).rejects.toThrow('the broker is gone')
    expect(JSON.parse(await readFile(`${folder}/a`, 'utf8'))).toEqual({
      format: 1,
      code: 'UNEXPECTED',
      error: 'the broker is gone',
    })
    expect(await readFile(`${folder}/b`, 'utf8')).toBe('error  the broker is gone\n')
  })

  it('are kept if the run fails after they were written', async () => {
    const folder = await freshFolder()
    const run = withOutputs(
      'plan',
      readOutputs({ format: 'text', report: [`text=${folder}/a`] }, io),
      io,
      async (write) => {
        await write(() => Promise.resolve('done'))
        throw new Error('too late')
      },
    )

    await expect(run).rejects.toThrow('too late')
    expect(await readFile(`${folder}/a`, 'utf8')).toBe('done')
  })

  it('are written even if one of them cannot be', async () => {
    const folder = await freshFolder()
    const reports = readOutputs(
      { format: 'text', report: [`text=/dev/full`, `json=${folder}/none/a`, `text=${folder}/b`] },
      io,
    )

    await expect(withOutputs('plan', reports, io, (write) => write(() => Promise.resolve('done')))).rejects.toThrow(
      /\/dev\/full cannot be written \(ENOSPC\)[^]*none\/a cannot be written, because there is no folder/,
    )
    expect(await readFile(`${folder}/b`, 'utf8')).toBe('done')
  })

  it('are usage errors if they cannot be written', async () => {
    const folder = await freshFolder()

    await expect(
      withOutputs('plan', readOutputs({ format: 'text', report: [`text=${folder}/none/a`] }, io), io, (write) =>
        write(() => Promise.resolve('')),
      ),
    ).rejects.toThrow(/cannot be written, because there is no folder/)
  })

  it('append to the job summary of GitHub, and replace every other file', async () => {
    const folder = await freshFolder()
    const summary = { ...io, environment: { GITHUB_STEP_SUMMARY: `${folder}/summary` } }
    const report = [`markdown=${folder}/summary`, `markdown=${folder}/other`]
    for (const text of ['first\n', 'second\n']) {
      const outputs = readOutputs({ format: 'text', report }, summary)
      await withOutputs('plan', outputs, summary, (write) => write(() => Promise.resolve(text)))
    }

    expect(await readFile(`${folder}/summary`, 'utf8')).toBe('first\nsecond\n')
    expect(await readFile(`${folder}/other`, 'utf8')).toBe('second\n')
  })

  it.each([
    ['json', '"code": "BLOCKED"'],
    ['markdown', '❌ BLOCKED'],
    ['github', '::error title=BLOCKED::'],
    ['sarif', '"ruleId": "BLOCKED"'],
    ['junit', 'type="BLOCKED"'],
    ['gitlab', '"check_name": "BLOCKED"'],
  ])('contain the error of a failed run, on standard output too: %s', async (format, part) => {
    const written: string[] = []
    const outputs = readOutputs({ format }, { ...io, out: (text) => void written.push(text) })
    const error = new WarrenError('not <now>', { code: 'BLOCKED', hint: 'wait' })

    await expect(withOutputs('plan', outputs, io, () => Promise.reject(error))).rejects.toThrow(error)
    expect(written.join('')).toContain(part)
  })

  it.each(['text', 'diff'])('leave standard output empty when a run failed: %s', async (format) => {
    const written: string[] = []
    const outputs = readOutputs({ format }, { ...io, out: (text) => void written.push(text) })

    await expect(withOutputs('plan', outputs, io, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
    expect(written).toEqual([])
  })

  it.each(['markdown', 'github', 'sarif', 'junit', 'gitlab'])('mask a secret that %s would escape', async (format) => {
    const secret = 'p_w*<&>"|`%:,d\n2'
    io.secrets.add(secret)
    const written: string[] = []
    const outputs = readOutputs({ format }, { ...io, out: (text) => void written.push(text) })
    const error = new WarrenError(`refused: ${secret}`, { code: 'REQUEST_FAILED' })

    await expect(withOutputs('plan', outputs, io, () => Promise.reject(error))).rejects.toThrow(error)
    expect(written.join('')).toMatch(/refused: \\?\(secret\)/)
    expect(written.join('')).not.toMatch(/p\\?_w/)
  })
})
