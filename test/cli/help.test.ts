import { describe, expect, it } from 'vitest'
import type { ProcessIo } from '../../src/cli/io.ts'
import { runCommandLine } from '../../src/cli/run-command-line.ts'
import { styleFor } from '../../src/render/style.ts'

async function run(...args: string[]): Promise<{ code: number; output: string }> {
  let output = ''
  const io: ProcessIo = {
    out: (text) => void (output += text),
    err: (text) => void (output += text),
    outStyle: styleFor(false),
    errStyle: styleFor(false),
    interactive: false,
    errIsTerminal: false,
    environment: {},
  }
  return { code: await runCommandLine(args, io), output }
}

describe('warren help', () => {
  it('prints the same help as --help, also of a subcommand', async () => {
    for (const command of [[], ['plan'], ['dlq'], ['dlq', 'peek'], ['broker', 'start']]) {
      const help = await run('help', ...command)

      expect(help).toEqual({ ...(await run(...command, '--help')), code: 0 })
      expect(help.output).toContain(`Usage: warren ${command.join(' ')}`.trimEnd())
    }
  })

  it('refuses a command that does not exist', async () => {
    expect(await run('help', 'dlq', 'peak')).toEqual({
      code: 3,
      output: expect.stringContaining('there is no command "dlq peak"'),
    })
  })
})
