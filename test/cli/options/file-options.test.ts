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

/** Options that only a command with a broker needs. */
const OF_BROKERS = [
  ['--url', 'http://127.0.0.1:1'],
  ['--user', 'me'],
  ['--password-file', 'password'],
  ['--ca', 'ca.pem'],
  ['--cert', 'cert.pem'],
  ['--key', 'key.pem'],
  ['--insecure-skip-verify'],
  ['--timeout', '1s'],
  ['--max-response', '1MB'],
  ['--retries', '0'],
  ['--wait', '1s'],
]

describe('a command that reads a definitions file', () => {
  it.each([['export', '--out', '-'], ['survey'], ['graph'], ['lint'], ['doctor', '--before-upgrade', '4.3']])(
    'refuses options of brokers: warren %s',
    async (...words) => {
      for (const option of OF_BROKERS) {
        const { code, stderr } = await command([
          ...words.filter((word) => word !== undefined),
          '--from',
          'definitions.json',
          ...option,
        ])

        expect([code, stderr]).toEqual([3, expect.stringContaining(`${option[0]} needs a broker`)])
      }
    },
  )

  it('refuses the key of a client certificate in a trace, whose --key is a routing key', async () => {
    const words = ['trace', '--from', 'definitions.json', '--exchange', 'e', '--key', 'k', '--cert-key', 'key.pem']

    const { code, stderr } = await command(words)

    expect([code, stderr]).toEqual([3, expect.stringContaining('--cert-key needs a broker')])
  })

  it('refuses options of brokers in a plan against definitions', async () => {
    const words = ['plan', '--no-config', '--against', 'definitions.json', 'topologies/email-pipeline']
    for (const option of OF_BROKERS) {
      const { code, stderr } = await command([...words, ...option])

      expect([code, stderr]).toEqual([3, expect.stringContaining(`${option[0]} needs a broker`)])
    }
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
