import { describe, expect, it } from 'vitest'
import { expressionProblem } from '../../../../src/desired/expand/checks/expressions.ts'
import { found } from '../declared.ts'

/** What RabbitMQ 3.10.8, 4.0.5 and 4.3.6 answered to a permission with this expression. */
const REFUSED = [
  '*', '[', '(', 'a)', '\\', '[z-a]', '+', '?', '^*', '$*', '\\b+', 'a**', 'a+*', 'a{2}{3}', 'a{2,1}', 'a{65536}', '[]', '[^]',
  '[[:alpha:]', '[:alpha:]', '[[:foo:]]', '(?<=a+)b', '(?<!x*)', '(?<=a{2,})', '\\2(a)', '(a)\\2', '(?', '\\u0041', '\\L',
] // oxfmt-ignore
const TAKEN = [
  '', '.*', '^$', '|', '(?i)a', '(?P<n>a)', 'a++', '\\Qx[\\E', '[[:alpha:]]', '{', 'a{', '(?<n>a)\\k<n>', '\\p{L}',
  '(?#c)a', '\\Aab\\z', '\\x{41}', 'x*+', '(?>a)', '()*', '(?=a)*', '[]a]', '(?s).', '(?|a|b)', '(?x) a # (', '[\\w-.]',
  '[a[b]', '(?<!x)*', '[^[a-z]b}(?i)', '[^]a]', '\\x{41}{2}', '(?<=a|bc)d', '(?<=(?=a*)b)', 'a(b)\\1', '\\(\\*\\*', '[*+]+', 'a{,2}', '\\8', '\\c*+',
] // oxfmt-ignore

describe('expressionProblem', () => {
  it.each(REFUSED)('finds what every version refuses: %s', (expression) => {
    expect(expressionProblem(expression)).toEqual(expect.any(String))
  })

  it.each(TAKEN)('has nothing against what a version takes: %s', (expression) => {
    expect(expressionProblem(expression)).toBeUndefined()
  })
})

describe('regular expressions that no RabbitMQ takes', () => {
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
