import { describe, expect, it } from 'vitest'
import { WaitingLine } from '../../../src/runtime/publish/waiting-line.ts'

class Person {
  ahead: Person | undefined
  behind: Person | undefined
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

function names(line: WaitingLine<Person>): string[] {
  const found: string[] = []
  for (let each = line.first; each; each = each.behind) found.push(each.name)
  return found
}

describe('WaitingLine', () => {
  it('keeps the order when an entry leaves', () => {
    const line = new WaitingLine<Person>()
    const people = ['a', 'b', 'c', 'd'].map((name) => new Person(name))
    for (const each of people) line.join(each)
    const [a, b, , d] = people
    for (const each of [b, a, d]) if (each) line.leave(each)

    expect(names(line)).toEqual(['c'])
    expect(line.length).toBe(1)
  })

  it('lets an entry that has left return to the front', () => {
    const line = new WaitingLine<Person>()
    const [a, b] = ['a', 'b'].map((name) => new Person(name))
    if (!a || !b) throw new Error('nobody')
    line.joinFirst(a)
    line.join(b)
    line.leave(a)
    line.joinFirst(a)
    expect([names(line), line.length]).toEqual([['a', 'b'], 2])
    line.leave(b)
    line.leave(a)
    expect([names(line), line.length]).toEqual([[], 0])
  })

  it('can become empty and be used again', () => {
    const line = new WaitingLine<Person>()
    const only = new Person('only')
    line.join(only)
    line.leave(only)
    expect([names(line), line.length, line.first]).toEqual([[], 0, undefined])
    line.join(only)
    expect(names(line)).toEqual(['only'])
  })
})
