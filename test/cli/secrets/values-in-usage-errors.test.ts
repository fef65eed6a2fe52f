import type { Command, Option } from 'commander'
import { describe, expect, it } from 'vitest'
import { programOf } from '../../../src/cli/run-command-line.ts'
import { silentIo } from '../../builders/silent-io.ts'
import { command } from '../../integration/support/command-in-process.ts'

const SECRET = 'Pa55W0rd'

const io = silentIo()

/** Options that take a word, a number, a duration, an address, a commit or a file to write: an error about them has to show their value. */
const SHOWN = new Set(
  [
    'format timeout max-response retries wait parallelism limit max rate before after max-deletes sample min-coverage',
    'batch before-upgrade max-depth max-age fail-on broker-version group-by kind from plan',
    'allow migrate rebind target exclude out out-undo overlay var-file against confirm config changed-since workflow',
  ].flatMap((line) => line.split(' ').map((name) => `--${name}`)),
)

interface TakingValue {
  readonly path: readonly string[]
  readonly option: Option
  readonly arguments: readonly string[]
}

/** Every option that takes a value, with one of the commands that have it. */
function optionsWithValues(of: Command, path: readonly string[] = []): TakingValue[] {
  const given = of.registeredArguments.map((each) => (each.required ? 'queue:V/q' : 'no-such-topology.yaml'))
  return [
    ...of.options
      .filter(({ required, optional }) => required || optional)
      .map((option) => ({ path, option, arguments: given })),
    ...of.commands.flatMap((each) => optionsWithValues(each, [...path, each.name()])),
  ]
}

const found = optionsWithValues(
  programOf(
    io,
    (run) =>
      async (...given) =>
        void (await run(...given)),
  ),
)
const each = [...new Map(found.map((one) => [`${one.option.flags} ${one.option.description}`, one])).values()]

describe('an error about the value of an option', () => {
  // `warren init` would write files; its options take names.
  it.each(each.filter(({ option, path }) => !SHOWN.has(option.long ?? '') && path[0] !== 'init'))(
    'does not show a possible secret: $path $option.long',
    async ({ path, option, arguments: given }) => {
      const flag = option.long ?? ''
      const values = [SECRET, `=${SECRET}`, `${SECRET}:x@host`, `-----BEGIN ${SECRET}`]
      for (const value of values) {
        const { stdout, stderr } = await command([...path, ...given, `${flag}=${value}`], {
          WARREN_URL: 'http://127.0.0.1:1',
        })
        expect([value, stdout + stderr]).toEqual([value, expect.not.stringContaining(SECRET)])
      }
    },
  )

  it('does not show the value of an unknown option', async () => {
    for (const mistyped of [
      `--pasword=${SECRET}`,
      `-p${SECRET}`,
      `--pass=it's ${SECRET}'`,
      `--user-password=${SECRET}`,
    ]) {
      const { code, stderr } = await command(['plan', mistyped, 'topology.yaml'])
      expect([code, stderr]).toEqual([3, expect.stringMatching(/^error: unknown option '--?[a-z-]+'/)])
      expect(stderr).not.toContain(SECRET)
    }
  })

  it('does not show a variable that is given in place of a file of variables', async () => {
    const { code, stderr } = await command(['validate', '.', `--var-file=pin=${SECRET}`])
    expect([code, stderr]).toEqual([3, expect.stringContaining('--var-file names no file')])
    expect(stderr).not.toContain(SECRET)
  })

  it('does not show a password that follows the name of a user', async () => {
    const { code, stderr } = await command(['owners', '--user', `svc:${SECRET}`], { WARREN_URL: 'http://127.0.0.1:1' })
    expect([code, stderr]).toEqual([3, expect.stringContaining('the name of --user contains a colon')])
    expect(stderr).not.toContain(SECRET)
  })
})
