import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addModeOptions, type ModeFlags, modeOptions } from '../../../src/cli/options/mode-flags.ts'

function read(...args: readonly string[]) {
  const command = addModeOptions(new Command().exitOverride())
  return modeOptions(command.parse(args, { from: 'user' }).opts<ModeFlags>())
}

const none = {
  prune: false,
  adopt: false,
  allowCreate: [],
  allowDelete: [],
  allowReplace: [],
  migrate: [],
  skipUnsuitable: false,
  rebind: [],
  targets: [],
  excludes: [],
}

describe('the options of the mode', () => {
  it('request nothing if none is given', () => {
    expect(read()).toEqual(none)
  })

  it('may all be given, addresses and globs repeatedly', () => {
    const allowed = ['--allow', 'delete=queue:v/a', '--allow', 'replace=exchange:v/b', '--allow', 'delete=vhost:v']
    const narrowed = ['--target', 'queue:*', '--target', '*x', '--exclude', '*y']

    expect(read('--prune', '--adopt', '--migrate', 'queue:v/a=b', ...allowed, ...narrowed)).toEqual({
      prune: true,
      adopt: true,
      allowCreate: [],
      allowDelete: ['queue:v/a', 'vhost:v'],
      allowReplace: ['exchange:v/b'],
      migrate: ['queue:v/a=b'],
      skipUnsuitable: false,
      rebind: [],
      targets: ['queue:*', '*x'],
      excludes: ['*y'],
    })
  })

  it.each([
    ['5', { count: 5 }],
    ['0', { count: 0 }],
    ['30%', { percent: 30, from: 10 }],
    ['100%', { percent: 100, from: 10 }],
  ])('accept %s as a number of deletes', (text, maxDeletes) => {
    expect(read('--max-deletes', text)).toEqual({ ...none, maxDeletes })
  })

  it.each(['101%', 'many', '-1', '1.5', '', '%', '5 %'])('refuse %j as a number of deletes', (text) => {
    expect(() => read(`--max-deletes=${text}`)).toThrow(/neither a number nor a percentage/)
  })

  it.each(['queue:v/a', 'delete', 'delete=', 'remove=queue:v/a', 'delete=v/a', 'replace=queues:v/a'])(
    'refuse the step %j',
    (text) => {
      expect(() => read('--allow', text)).toThrow(/does not name a step/)
    },
  )

  it('refuse to leave out queues of a migration without naming any', () => {
    expect(() => read('--skip-unsuitable')).toThrow('--skip-unsuitable has no effect without --migrate')
    expect(read('--skip-unsuitable', '--migrate', 'queue:v/*')).toMatchObject({ skipUnsuitable: true })
  })

  it('refuse to migrate an object without messages', () => {
    expect(() => read('--migrate', 'exchange:v/a')).toThrow(/does not name a queue/)
  })
})
