import { Command } from 'commander'
import { expect, it } from 'vitest'
import { addApplyCommand } from '../../src/cli/commands/apply.ts'
import { addDestroyCommand } from '../../src/cli/commands/destroy.ts'
import { addReleaseCommand } from '../../src/cli/commands/release.ts'
import { inEnvironment, limitsOf } from '../../src/cli/run-apply.ts'
import { silentIo } from '../builders/silent-io.ts'

it('uses the parallelism of an environment unless an option sets another', () => {
  const of = (flags: { readonly parallelism?: string }) =>
    limitsOf(inEnvironment({ format: 'text', ...flags }, { parallelism: 4 }))

  expect(limitsOf({ format: 'text', batch: '4' })).toEqual({ batch: 4 })
  expect(() => limitsOf({ format: 'text', batch: '0' })).toThrow('--batch 0')
  expect([of({}), of({ parallelism: '9' })]).toEqual([{ parallelism: 4 }, { parallelism: 9 }])
})

it('has no option for all environments in commands that write', () => {
  const program = new Command()
  for (const add of [addApplyCommand, addDestroyCommand, addReleaseCommand]) {
    add(
      program,
      silentIo(),
      (action) =>
        async (...args) =>
          void (await action(...args)),
    )
  }

  const options = program.commands.flatMap((command) => command.options.map(({ long }) => long))
  expect(options).toContain('--environment')
  expect(options).not.toContain('--all-environments')
})
