import { describe, expect, it } from 'vitest'
import { pcreProblem } from '../../../../src/desired/expand/checks/pcre/pcre-problem.ts'
import { found } from '../declared.ts'

/**
 * The responses of RabbitMQ 3.10.8, 4.0.5 and 4.3.6 to a permission with this expression, or those of their Erlang to
 * `re:compile`.
 */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  quantifiers: ['*', '+', '?', '^*', '$*', '\\b+', '\\G*?', 'a**', 'a+*', 'a{2}{3}', 'a{2,1}', 'a{65536}', '(?i)*', '(|*)', '\\cA{2,1}'],
  groups: ['(', 'a)', '(?', '(?:', '(?|', '(?}', '(?z)', '(?i', '(?#c', '(*', '(*FOO)', '(*é', '(*FAIL)*', '(?C999)', '(?C1'],
  names: ['(?<>a)', '(?<1a>b)', "(?'n", '(?P<n', '(?P$', '(?<n>a)(?<n>b)', '\\k', '\\kn', '\\k<n>', '\\k{}', '(?P=n)', '(?&n)'],
  numbers: ['\\2(a)', '(a)\\2', '\\g1', '\\g', '\\g-1', '\\g{0}', "\\g'1'", '(?1)', '(?+1)', '(?R', '(?2)(a)'],
  conditions: ['(?(1', '(?(1)a)', '(?(n)a)', '(?(#)', '(?(', '(?(?a)b)', '(a)(?(1)b|c|d)', '(?(DEFINE)a|b)', '(?(0)a)'],
  classes: ['[', '[]', '[^]', '[z-a]', '[a-[b]]', '[a-\\d]', '[\\E]', '[\\N]', '[\\400]', '[[:alpha:]', '[:alpha:]', '[[:foo:]]', '[[.a.]]', '[[=a=]]'],
  escapes: ['\\', '\\c', '\\cé', '\\400', '\\777', '\\x{}', '\\x{zz}', '\\x{100}', '\\o', '\\o{9}', '\\o{777}', '\\p', '\\pX', '\\p{Foo}', '\\p{', '\\N{x}', '\\u0041', '\\L', '\\U', '\\l'],
  lookbehind: ['(?<=a+)b', '(?<!x*)', '(?<=a{2,})', '(?<=\\X)', '(?<=(?:a|b*))'],
} // oxfmt-ignore
const TAKEN = [
  '', '.*', '^$', '|', '(?i)a', '(?P<n>a)', 'a++', '\\Qx[\\E', '[[:alpha:]]', '{', 'a{', '(?<n>a)\\k<n>', '\\p{L}',
  '(?#c)a', '\\Aab\\z', '\\x{41}', 'x*+', '(?>a)', '()*', '(?=a)*', '[]a]', '(?s).', '(?|a|b)', '(?x) a # (', '[\\w-.]',
  '[a[b]', '(?<!x)*', '[^[a-z]b}(?i)', '[^]a]', '\\x{41}{2}', '(?<=a|bc)d', '(?<=(?=a*)b)', 'a(b)\\1', '\\(\\*\\*', '[*+]+', 'a{,2}', '\\8', '\\c*+',
  '\\o{101}++', '(?i)(?=a)*', '(?-i)\\377', '(?ii){,2}', '\\C(?-i)', 'a#++[[:alpha:]]', "(a)\\g'1'", '(a)\\g<-1>', '(?x)a + +', '(?x)a # (\n*',
  '(?<n>a)(?&n)(?P>n)(?P=n)', '(?J)(?<n>a)(?<n>b)', '(?|(?<n>a)|(?<n>b))', '(a)(?(1)b|c)', '(?(?=a)b|c)', '(?(DEFINE)(?<n>a))(?&n)', '(?(R)a)', 'a(?#c)*',
  '\\18', '\\10', '\\9+', '\\i', '[\\d-z]', '[\\R]', '[a\\E-z]', '[\\Q]\\E]', '\\Qa', '\\Qa\\E*', 'a\\E*', '\\pL\\p{^Greek}\\p{Xan}', '(*COMMIT)a', '(*PRUNE:x)',
  '(*UTF8)é', '(*ACCEPT)', '(?C255)', '\\cA', '\\x', 'é[é]', '[[:<:]]a[[:>:]]', '\\h\\R\\X\\N{2}', '(?^)a', '\\g{65536}', '(?R)', '(?-i:a)', '\\Z|\\K', '(?<=\\R)',
] // oxfmt-ignore

describe('pcreProblem', () => {
  it.each(Object.entries(REFUSED))('finds what every version refuses: %s', (_what, expressions) => {
    for (const expression of expressions)
      expect([expression, pcreProblem(expression)]).toEqual([expression, expect.any(String)])
  })

  it.each(TAKEN)('accepts what a version accepts: %s', (expression) => {
    expect(pcreProblem(expression)).toBeUndefined()
  })

  it('says what is wrong, with the characters of the expression', () => {
    expect(['a**', '[z-a]', '(?<n>a)\\k<m>', '[[:grün:]]', '\\p{Foo}', 'a(b'].map(pcreProblem)).toEqual([
      'the quantifier "*" has nothing to repeat',
      'a range of a character class is out of order',
      'there is no group with the name "m"',
      '"[:grün:]" is not a POSIX class',
      'PCRE does not know the property "Foo"',
      'a group that begins with "(" does not end',
    ])
  })

  it('supports groups of any depth', () => {
    const long = '(a[b-c]\\d{2}|'.repeat(20_000)

    expect(pcreProblem(`${long}x${')'.repeat(20_000)}`)).toBeUndefined()
    expect(pcreProblem(long)).toBe('a group that begins with "(" does not end')
  })
})

describe('regular expressions that no RabbitMQ accepts', () => {
  it('are reported in policies, permissions and topic permissions', () => {
    const exchanges = { e: { type: 'topic' } }
    const policies = { p: { pattern: '*', definition: { 'max-length': 1 } } }
    const users = { u: { permissions: { read: '[' }, topicPermissions: { e: { write: '(' } } } }

    expect(found({ exchanges, policies, users })).toEqual([
      'expression-invalid at policies.p.pattern',
      'expression-invalid at users.u.permissions.read',
      'expression-invalid at users.u.topicPermissions.e.write',
    ])
  })
})
