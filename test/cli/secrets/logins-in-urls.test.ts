import { describe, expect, it } from 'vitest'
import { command } from '../../integration/support/command-in-process.ts'

/** The topology does not exist, so that nothing is sent. */
const FILE = 'no-such-topology.yaml'

describe('the login in a mistyped URL', () => {
  it.each([
    'http://guest:12/pa55word@127.0.0.1:1',
    'http://guest:pa 55-pa55word@127.0.0.1:1',
    'http://guest:pa?pa55word#x@127.0.0.1:1',
    'htp://guest:pa55word@127.0.0.1:1',
    'guest:pa55word@127.0.0.1:1',
    'http://guest:pa55word@127.0.0.1:99999',
    'amqp:user:pa55word@127.0.0.1',
    'amqp://user:pa55word@127.0.0.1',
    'http://127.0.0.1:1/?password=pa55word',
  ])('is shown by no command: %s', async (url) => {
    const runs = await Promise.all([
      command(['plan', FILE, '--url', url, '--retries', '0']),
      command(['plan', FILE, '--url', 'http://127.0.0.1:1', '--amqp-url', url, '--retries', '0']),
      command(['apply', FILE, '--retries', '0'], { WARREN_URL: url }),
      command(['dlq', 'list', FILE], { WARREN_URL: 'http://127.0.0.1:1', WARREN_AMQP_URL: url }),
      command([url, '--no-such-option']),
      command(['validate', url]),
      command(['plan', `--no-such=${url}`]),
      command(['plan', FILE, '--var', `password=${url}`, '--report', url]),
    ])

    expect(runs.filter(({ code }) => code === 0)).toEqual([])
    expect(runs.filter(({ stdout, stderr }) => (stdout + stderr).includes('pa55word'))).toEqual([])
  })
})
