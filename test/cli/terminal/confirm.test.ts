import { describe, expect, it } from 'vitest'
import { confirmRuns } from '../../../src/cli/terminal/confirm.ts'
import { silentIo } from '../../builders/silent-io.ts'

const RUNS = { runs: [{ project: 'billing' }, { project: 'shipping' }, { project: 'billing' }] }

/** Asks for confirmation of the runs on a terminal with this input, and lists the events in order. */
async function asked(command: 'apply' | 'destroy', typed: string, flags: Parameters<typeof confirmRuns>[2] = {}) {
  const happened: string[] = []
  const io = silentIo({
    interactive: true,
    ask: (question) => {
      happened.push(question)
      return Promise.resolve(typed)
    },
  })
  const isConfirmed = await confirmRuns(command, RUNS, flags, io, () => {
    happened.push('plans shown')
    return Promise.resolve()
  })
  return [...happened, isConfirmed]
}

describe('several runs at a terminal', () => {
  it('are applied after one question, which follows all plans', async () => {
    const question = 'Apply 0 changes in 3 runs? Only "yes" confirms: '

    expect(await asked('apply', 'yes')).toEqual(['plans shown', question, true])
    expect(await asked('apply', 'y')).toEqual(['plans shown', question, false])
    expect(await asked('apply', '', { autoApprove: true })).toEqual([true])
  })

  it('are destroyed when each project is named, by --confirm or in the answer', async () => {
    const question =
      'Destroy with 0 changes in 3 runs? To confirm, type the names of the projects with spaces between them ("billing", "shipping"): '

    expect(await asked('destroy', 'shipping billing')).toEqual(['plans shown', question, true])
    expect((await asked('destroy', 'billing')).at(-1)).toBe(false)
    expect((await asked('destroy', 'shipping', { confirm: ['billing'] })).at(-1)).toBe(true)
    expect(await asked('destroy', '', { confirm: ['billing', 'shipping'] })).toEqual([true])
    expect((await asked('destroy', 'yes', { autoApprove: true })).at(-1)).toBe(false)
  })
})
