import { describe, expect, it } from 'vitest'
import { isMoveChange, type MoveChange, MoveProgress } from '../../../src/apply/migrate/move-progress.ts'
import { isWrite } from '../../../src/plan/steps/subject.ts'
import { queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

function movesOf(messages: Readonly<Record<string, number>>): readonly MoveChange[] {
  const names = Object.keys(messages)
  const counts = new Map(names.map((name) => [`queue:%2F/${name}`, { messages: messages[name] ?? 0, consumers: 0 }]))
  const live = topology({ queues: names.map((name) => queue(name)) })
  const desired = topology({ queues: names.map((name) => queue(name, { type: 'quorum' })) })
  const { changes } = planOf(live, desired, { counts }, { migrate: new Set(['queue:*']) })
  return changes.filter(isWrite).filter(isMoveChange)
}

describe('MoveProgress', () => {
  it('estimates the rest by the messages of the queues that are left', () => {
    let now = 0
    const moves = movesOf({ a: 500, b: 1_500, c: 500 })
    const progress = new MoveProgress(moves, () => now)
    const [a, b, c] = moves
    if (!a || !b || !c) throw new Error('there are three moves')

    now = 10_000
    expect(progress.ended(a, 500)).toBe('1 of 3 queues migrated, 500 messages moved, about 30 s left')
    now = 90_000
    expect(progress.ended(b, undefined)).toBe('1 of 3 queues migrated, 1 not, 500 messages moved, about 30 s left')
    expect(progress.ended(c, 700)).toBe('2 of 3 queues migrated, 1 not, 1,200 messages moved')
  })

  it('says nothing about a single queue, which has its own report', () => {
    const moves = movesOf({ a: 500 })

    expect(new MoveProgress(moves).ended(moves[0] as MoveChange, 500)).toBeUndefined()
  })
})
