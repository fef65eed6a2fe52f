import { describe, expect, it } from 'vitest'
import { command } from '../integration/support/command-in-process.ts'

describe('warren help', () => {
  it('prints the same help as --help, also of a subcommand', async () => {
    for (const name of [[], ['plan'], ['dlq'], ['dlq', 'peek'], ['broker', 'start']]) {
      const help = await command(['help', ...name])

      expect(help).toEqual({ ...(await command([...name, '--help'])), code: 0 })
      expect(help.stdout).toContain(`Usage: warren ${name.join(' ')}`.trimEnd())
    }
  })

  it('refuses a command that does not exist', async () => {
    expect(await command(['help', 'dlq', 'peak'])).toEqual({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('there is no command "dlq peak"'),
    })
  })
})
