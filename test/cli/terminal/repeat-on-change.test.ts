import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { repeatOnChange } from '../../../src/cli/terminal/repeat-on-change.ts'
import { until } from '../../integration/support/until.ts'

it('runs again after a change of a file next to the given one or in a folder below, and ends with the last result', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warren-watch-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'templates'))
  const topology = join(folder, 'topology.yaml')
  await writeFile(topology, 'warren: 1\n')
  const stop = new AbortController()
  let runs = 0
  const result = repeatOnChange(() => Promise.resolve((runs += 1)), [topology], stop.signal)
  const runsOnce = async (write: () => Promise<void>) => {
    const before = runs
    await until(async () => {
      await write()
      return runs > before
    }, 'another run')
  }

  await until(() => Promise.resolve(runs === 1), 'the first run')
  await runsOnce(() => writeFile(topology, 'warren: 1\n# changed\n'))
  await runsOnce(() => writeFile(join(folder, 'templates', 'queues.yaml'), 'warrenTemplates: 1\n'))
  await runsOnce(() => writeFile(join(folder, 'topology.test.yaml'), 'warrenTests: 1\n'))
  stop.abort()

  expect(await result).toBe(runs)
})
