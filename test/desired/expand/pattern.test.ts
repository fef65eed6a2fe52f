import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyKeyOf, parseRoutingKey } from '../../../src/desired/expand/routes/routing-key.ts'
import { literally, LONGEST_PATTERN, patternOf } from '../../../src/model/values/name-pattern.ts'

/** The broker matches bytes, so a byte is a character here. */
function bytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function matches(pattern: string, name: string): boolean {
  // To the broker, the empty pattern matches nothing.
  return pattern !== '' && new RegExp(bytes(pattern)).test(bytes(name))
}

const names = fc.uniqueArray(
  fc.string({
    unit: fc.constantFrom(
      'a',
      'b',
      '.',
      '*',
      '+',
      '(',
      ')',
      '[',
      '{',
      '|',
      '^',
      '$',
      '\\',
      '?',
      'é',
      '/',
      '%',
      ' ',
      '"',
      '😀',
    ),
  }),
  { minLength: 1, maxLength: 40 },
)

describe('patternOf', () => {
  it('writes escaped, anchored alternatives', () => {
    expect(patternOf([])).toBe('')
    expect(patternOf(['a.b'].map(literally))).toBe('^a\\.b$')
    expect(patternOf(['b', 'a', 'b'].map(literally))).toBe('^(a|b)$')
    expect(patternOf([literally('')])).toBe('^$')
  })

  it('matches exactly the given names', () => {
    fc.assert(
      fc.property(names, fc.string(), (all, other) => {
        const pattern = patternOf(all.map(literally))
        for (const name of all) expect(matches(pattern, name)).toBe(true)
        expect(matches(pattern, other)).toBe(all.includes(other))
        for (const name of all) {
          expect(matches(pattern, `${name}x`)).toBe(all.includes(`${name}x`))
          expect(matches(pattern, name.slice(1))).toBe(all.includes(name.slice(1)))
        }
      }),
    )
  })

  it('matches exactly the same names when it is shortened', () => {
    const many = fc.uniqueArray(
      fc.tuple(
        fc.constantFrom('orders.', 'größe/', 'a', ''),
        fc.string({ unit: fc.constantFrom('a', '.', 'é'), maxLength: 12 }),
      ),
      { minLength: 1, maxLength: 200, selector: (parts) => parts.join('') },
    )
    fc.assert(
      fc.property(many, fc.integer({ min: 0, max: 199 }), (parts, at) => {
        const long = 'p'.repeat(40)
        const all = parts.map((each) => long + each.join(''))
        const pattern = patternOf(all.map(literally))
        for (const name of all) {
          expect(matches(pattern, name)).toBe(true)
          expect(matches(pattern, name.slice(0, -1))).toBe(all.includes(name.slice(0, -1)))
        }
        const mixed = `${all[at % all.length]}a`
        expect(matches(pattern, mixed)).toBe(all.includes(mixed))
      }),
    )
  })

  it('is shortened by common prefixes, and only when it is too long', () => {
    const short = ['email.a', 'email.b'].map(literally)
    const tenants = Array.from({ length: 100 }, (_, index) => `tenant.orders.${index}`)
    const shortened = patternOf(tenants.map(literally))

    expect(patternOf(short)).toBe('^(email\\.a|email\\.b)$')
    expect(patternOf(['s', 'st', `t${'x'.repeat(600)}`, `t${'x'.repeat(600)}y`].map(literally))).toBe(
      `^(s|st|t${'x'.repeat(600)}(|y))$`,
    )
    expect(shortened.startsWith('^tenant\\.orders\\.(')).toBe(true)
    expect(Buffer.byteLength(shortened)).toBeLessThan(LONGEST_PATTERN)
    expect(Array.from({ length: 200 }, (_, index) => matches(shortened, `tenant.orders.${index}`))).toEqual(
      Array.from({ length: 200 }, (_, index) => index < 100),
    )
  })

  it('lets a parameter be any word, and nothing else', () => {
    const pattern = patternOf([anyKeyOf(parseRoutingKey('user.{id}.x-{event}') ?? [])])

    expect(pattern).toBe('^user\\.[^.]+\\.x-[^.]+$')
    expect(['user.1.x-a', 'user.é.x-ü'].every((key) => matches(pattern, key))).toBe(true)
    expect(
      ['user..x-a', 'user.1.2.x-a', 'user.1.x-', 'userx1.x-a', 'user.1.x-a.b'].some((key) => matches(pattern, key)),
    ).toBe(false)
  })
})
