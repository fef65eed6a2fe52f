import { describe, expect, it } from 'vitest'
import { found, type Sections } from './declared.ts'

describe('a name in the files that warren generates for something else', () => {
  it('is refused if a queue of this name would hold the messages of a renamed queue, with both positions', () => {
    expect(found({ queues: { new: { renamedFrom: 'a' }, 'a.moving': {} } })).toEqual([
      'holding-name-taken at queues.new.renamedFrom, declared queues.a.moving',
    ])
    expect(found({ queues: { 'a.moving': { renamedFrom: 'a' } } })).toEqual([
      'holding-name-taken at queues.a.moving.renamedFrom, declared queues.a.moving',
    ])
    const ofDerived: Sections['queues'] = {
      new: { type: 'quorum', deadLetter: true, renamedFrom: 'a' },
      'a.dead.moving': {},
    }
    expect(found({ queues: ofDerived })).toEqual([
      'holding-name-taken at queues.new.deadLetter, declared queues.a.dead.moving',
    ])
    const derived: Sections['queues'] = {
      new: { renamedFrom: 'a' },
      other: { type: 'quorum', deadLetter: { queue: 'a.moving' } },
    }
    expect(found({ queues: derived })).toEqual([
      'holding-name-taken at queues.new.renamedFrom, declared queues.other.deadLetter',
    ])
  })

  it('is accepted if it would hold no messages', () => {
    expect(found({ queues: { a: {}, 'a.moving': {}, b: { renamedFrom: 'a.moving.moving' } } })).toEqual([])
  })

  it('is refused as the old name of another object if a derived object has it', () => {
    const queues: Sections['queues'] = { q: { type: 'quorum', deadLetter: true }, graves: { renamedFrom: 'q.dead' } }
    expect(found({ queues })).toEqual([
      'renamed-from-itself at queues.graves.renamedFrom, declared queues.q.deadLetter',
    ])
    const kept: Sections['queues'] = {
      new: { type: 'quorum', deadLetter: true, renamedFrom: 'old' },
      'old.dead': {},
    }
    expect(found({ queues: kept })).toEqual(['renamed-from-itself at queues.new.deadLetter, declared queues.old.dead'])
    const twice: Sections['queues'] = {
      new: { type: 'quorum', deadLetter: true, renamedFrom: 'old' },
      graves: { renamedFrom: 'old.dead' },
    }
    expect(found({ queues: twice })).toEqual([
      'renamed-twice at queues.new.deadLetter, first queues.graves.renamedFrom',
    ])
    const exchanges: Sections['exchanges'] = { errors: { renamedFrom: 'q.failed' } }
    expect(found({ exchanges, queues: { q: { type: 'quorum', deadLetter: true } } })).toEqual([
      'renamed-from-itself at exchanges.errors.renamedFrom, declared queues.q.deadLetter',
    ])
  })

  it('refuses the name of a lock of any project everywhere', () => {
    const queues: Sections['queues'] = {
      'warren.lock.other': {},
      q: { type: 'quorum', deadLetter: { queue: 'warren.lock.shop' } },
      moved: { renamedFrom: 'warren.lock.old' },
    }
    expect(found({ queues })).toEqual([
      'lock-name-taken at queues.warren.lock.other',
      'lock-name-taken at queues.moved',
      'lock-name-taken at queues.q.deadLetter',
    ])
  })

  it('is refused if it is that of the policy of deadLetter', () => {
    const queues: Sections['queues'] = { q: { type: 'classic', deadLetter: { by: 'policy' } } }
    const policies = { 'q.failed': { pattern: '^q$', applyTo: 'queues', definition: { 'max-length': 5 } } } as const
    expect(found({ queues, policies })).toEqual([
      'derived-policy-taken at queues.q.deadLetter.by, declared policies.q.failed',
    ])
  })
})
