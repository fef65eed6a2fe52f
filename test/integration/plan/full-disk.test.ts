import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl, ROOT } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

const QUEUES = 60
const OLD = '{"old":"undo"}'

/** A topology of many queues, an old undo file, and a command line that can only write files of a few blocks. */
async function place() {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const project = freshName('project')
  const queues = Array.from({ length: QUEUES }, (_, n) => `  q${n}: { type: classic }`).join('\n')
  const folder = await files({
    'topology.yaml': `warren: 1\nproject: ${project}\nvhost: ${vhost}\nqueues:\n${queues}\n`,
    'undo.json': OLD,
  })
  const url = await managementUrl()
  const apply = async (blocks: number, ...more: readonly string[]) => {
    const args = ['apply', '-y', '--out-undo', 'undo.json', ...more, 'topology.yaml']
    const child = spawn(
      'sh',
      ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', process.execPath, join(ROOT, 'dist/cli/main.js'), ...args],
      { cwd: folder, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], WARREN_URL: url } },
    )
    let stderr = ''
    child.stdout.resume()
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, stderr }
  }
  const created = async () => ((await api.get<unknown[]>(['queues', vhost])) ?? []).length
  return { folder, apply, created }
}

describe('an apply on a full disk', () => {
  it('does nothing if no output can be written, and says which disk is full', async () => {
    const { folder, apply, created } = await place()

    expect(await apply(0)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/--out-undo undo\.json cannot be written \(EFBIG\)\s+free some disk space/),
    })
    expect(await created()).toBe(0)
    expect(await readFile(join(folder, 'undo.json'), 'utf8')).toBe(OLD)
    expect((await readdir(folder)).toSorted()).toEqual(['topology.yaml', 'undo.json'])
  })

  it('keeps the old undo file, prints the new one that does not fit, and writes the report that fits', async () => {
    const { folder, apply, created } = await place()
    await writeFile(join(folder, 'report.txt'), 'old report')

    // At most 16 KB: the report as text fits, the undo plan does not.
    const { code, stderr } = await apply(16, '--report', 'text=report.txt')
    expect({ code, stderr }).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(/--out-undo undo\.json cannot be written \(EFBIG\)/),
    })
    expect(await created()).toBe(QUEUES)
    expect(await readFile(join(folder, 'undo.json'), 'utf8')).toBe(OLD)
    expect(await readFile(join(folder, 'report.txt'), 'utf8')).toContain(`${QUEUES} done`)
    expect((await readdir(folder)).toSorted()).toEqual(['report.txt', 'topology.yaml', 'undo.json'])

    const [, printed = ''] = /----- begin undo\.json -----\n(.*)----- end undo\.json -----/s.exec(stderr) ?? []
    await writeFile(join(folder, 'printed.json'), printed)
    expect(await warren(['apply', 'printed.json'], { folder })).toMatchObject({ code: 0 })
    expect(await created()).toBe(0)
  })
})
