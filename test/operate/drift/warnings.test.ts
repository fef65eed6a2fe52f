import { describe, expect, it } from 'vitest'
import { Warnings } from '../../../src/operate/drift/warnings.ts'

describe('Warnings', () => {
  it('reports a problem once until a look passes without it', () => {
    const reported: string[] = []
    const warnings = new Warnings((text) => reported.push(text))

    for (const problems of [['a', 'b', 'a'], ['b', 'a'], ['b'], ['a']]) {
      warnings.begin()
      for (const each of problems) warnings.add(each)
    }

    expect(reported).toEqual(['a', 'b', 'a'])
  })
})
