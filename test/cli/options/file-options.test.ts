import { describe, expect, it } from 'vitest'
import { command } from '../../integration/support/command-in-process.ts'

const WITHOUT_FILES = [
  ['dlq', 'list', '--live'],
  ['dlq', 'peek', 'q', '--live'],
  ['dlq', 'purge', 'q', '--live'],
  ['dlq', 'replay', 'q', '--live'],
  ['lint', '--live'],
  ['lint', '--from', 'definitions.json'],
  ['doctor', '--live'],
  ['doctor', '--before-upgrade', '4.3', '--live'],
  ['graph', '--live'],
  ['trace', '--live', '--queue', 'q'],
]
const ABOUT_FILES = [
  ['--overlay', 'prod.yaml'],
  ['--var', 'region=eu'],
  ['--var-file', 'variables'],
  ['--project', 'shop'],
]

describe('a command that reads no files', () => {
  it.each(WITHOUT_FILES)('refuses options about files: warren %s %s %s', async (...words) => {
    for (const [option = '', value = ''] of ABOUT_FILES) {
      const { code, stderr } = await command([...words.filter((word) => word !== undefined), option, value], {
        WARREN_URL: 'http://127.0.0.1:1',
      })

      expect([code, stderr]).toEqual([3, expect.stringContaining(`${option} is about files`)])
    }
  })

  it('refuses --changed-since with lint --live', async () => {
    const { code, stderr } = await command(['lint', '--live', '--changed-since', 'main'])

    expect([code, stderr]).toEqual([3, expect.stringContaining('--changed-since is about files')])
  })
})

describe('options without an effect', () => {
  it.each([
    [['drift', '--watch', '--no-config', '--report', 'json=drift.json', 'topologies/email-pipeline'], '--report'],
    [['doctor', '--before-upgrade', '4.3', '--live', '--fail-on', 'error'], '--fail-on'],
  ])('are refused: %j', async (words, option) => {
    const { code, stderr } = await command(words)

    expect([code, stderr]).toEqual([3, expect.stringContaining(option)])
  })
})
