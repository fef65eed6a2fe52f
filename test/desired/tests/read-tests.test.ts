import { describe, expect, it } from 'vitest'
import { parseTests } from '../../../src/desired/tests/read-tests.ts'
import { explainFinding } from '../../../src/diagnostics/findings/finding.ts'

function read(tests: string) {
  const { findings, ...rest } = parseTests({ path: 'a.test.yaml', text: `warrenTests: 1\ntests:\n${tests}` })
  return {
    ...rest,
    findings: findings.map((each) => `${each.location?.line}: ${each.code}: ${explainFinding(each).message}`),
  }
}

describe('a test file', () => {
  it('declares what is published and what is expected', () => {
    const { tests, findings } = read(`
  one:
    publish: { publication: p, parameters: { id: 7 }, body: { a: 1 } }
    reaches: [a, b]
  two:
    brokerVersion: "4.3"
    fail: { subscription: s, vhost: /v }
    passes: [5s, 1m]
    endsIn: dead
`)

    expect(findings).toEqual([])
    expect(tests).toMatchObject([
      {
        name: 'one',
        subject: { kind: 'publish', to: { publication: { name: 'p' }, parameters: { id: '7' } }, body: { a: 1 } },
        expectation: { kind: 'reaches', queues: [{ name: 'a', location: { line: 6 } }, { name: 'b' }] },
      },
      {
        name: 'two',
        brokerVersion: '4.3',
        subject: { kind: 'fail', subscription: { name: 's' }, vhost: { name: '/v' } },
        expectation: { kind: 'ends-in', passes: [5_000, 60_000], queues: [{ name: 'dead' }] },
      },
    ])
  })

  it.each([
    ['  a: { reaches: [q] }', '3: test-subject: the test "a" does not have a subject'],
    [
      '  a: { user: u, expire: { queue: q }, can: {} }',
      '3: test-subject: the test "a" has expire and user, which exclude each other',
    ],
    ['  a: { publish: { exchange: x } }', '3: test-expectation: the test "a" expects nothing'],
    [
      '  a: { expire: { queue: q }, reaches: [q] }',
      '3: test-expectation: the test "a" has expire, which does not fit reaches',
    ],
    [
      '  a: { publish: { exchange: x }, returned: true, lost: true }',
      '3: test-expectation: the test "a" has publish, which does not fit returned and lost',
    ],
    [
      '  a: { publish: { exchange: x, publication: p }, lost: true }',
      '3: test-publish: the test "a" must publish either by a publication or to an exchange',
    ],
    [
      '  a: { publish: { publication: p, routingKey: k }, lost: true }',
      '3: test-publish: the test "a" must publish either by a publication or to an exchange',
    ],
    [
      '  a: { fail: { subscription: s }, passes: [soon] }',
      '3: test-duration: "soon" in the test "a" is not a duration',
    ],
  ])('with %s is refused', (text, message) => {
    expect(read(text).findings).toEqual([message])
  })

  it('with an unknown key suggests the most similar one', () => {
    const { findings, tests } = read('  a: { publish: { exchange: x }, reachs: [q] }')

    expect(findings).toEqual([expect.stringMatching(/^3: unknown-key: .*"reachs"/)])
    expect(tests).toEqual([])
  })

  it('without a document is refused', () => {
    const { findings } = parseTests({ path: 'a.test.yaml', text: '# nothing\n' })

    expect(findings.map(({ code }) => code)).toEqual(['tests-without-document'])
  })
})
