import { describe, expect, it } from 'vitest'
import type { RunPart } from '../../../src/apply/turn.ts'
import { Turns } from '../../../src/operations/workspace/turns.ts'

/** Executes the parts of each project, and lists them in the order in which they began. */
async function orderOf(turns: Turns, projects: readonly string[], failing?: string): Promise<string[]> {
  const begun: string[] = []
  await Promise.all(
    projects.map(async (project) => {
      const turn = turns.of(project)
      const parts: RunPart[] = ['claim', 'writes', ...(turn.isInCycle ? (['rest'] as const) : []), 'deletes']
      for (const part of parts) {
        if (project === failing && part === 'writes') break
        await turn.begin(part)
        begun.push(`${project} ${part}`)
        await Promise.resolve()
      }
      turns.end(project)
    }),
  )
  return begun
}

describe('the turns of the runs of an environment', () => {
  it('write in the order of the references and delete in their own order', async () => {
    const turns = new Turns([['base'], ['user']], ['user', 'base'])

    expect(await orderOf(turns, ['user', 'base'])).toEqual([
      'base claim',
      'user claim',
      'base writes',
      'user writes',
      'user deletes',
      'base deletes',
    ])
  })

  it('write all exchanges and queues of a cycle before its rest', async () => {
    const turns = new Turns([['one', 'two']], ['two', 'one'])

    expect((await orderOf(turns, ['one', 'two'])).slice(2, 6)).toEqual([
      'one writes',
      'two writes',
      'one rest',
      'two rest',
    ])
  })

  it('wait for no run that has ended', async () => {
    const turns = new Turns([['gone'], ['base'], ['user']], ['user', 'base', 'gone'])
    turns.end('gone')

    expect(await orderOf(turns, ['user', 'base'], 'base')).toEqual([
      'base claim',
      'user claim',
      'user writes',
      'user deletes',
    ])
  })

  it('know which objects are missing', () => {
    const turns = new Turns([['base'], ['user']], [])
    turns.miss(['exchange:%2F/events'])

    expect(turns.of('user').isMissing('exchange:%2F/events')).toBe(true)
    expect(turns.of('user').isMissing('exchange:%2F/other')).toBe(false)
  })
})
