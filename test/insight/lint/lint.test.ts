import { afterEach, describe, expect, it, vi } from 'vitest'
import { finding } from '../../../src/diagnostics/findings/finding.ts'
import { ignoreComments } from '../../../src/insight/lint/ignore-comments.ts'
import { lintTopology } from '../../../src/insight/lint/lint.ts'
import { type LintSettings, NO_SETTINGS } from '../../../src/insight/lint/lint-settings.ts'
import { BrokerPattern } from '../../../src/model/values/broker-pattern.ts'
import { binding, exchange, permission, policy, queue, topology } from '../../builders/objects.ts'

const AT = { file: 't.yaml', line: 4, column: 3 }

/** A binding with a literal wildcard, which `binding-never-matches` finds. */
const LITERAL = topology({
  exchanges: [exchange('events')],
  queues: [queue('audit')],
  bindings: [binding('events', 'audit', { routingKey: 'orders.*', origin: AT })],
})

function rulesFound(settings: LintSettings = NO_SETTINGS, text = ''): string[] {
  const sources = new Map(text === '' ? [] : [['t.yaml', text]])
  return lintTopology({ topology: LITERAL, version: '4.3.6' }, settings, sources).findings.map(
    ({ rule, severity, location }) => `${severity} ${rule} ${location?.line ?? ''}`.trim(),
  )
}

const withRule = (rule: string, severity?: 'error' | 'warning' | 'off', options = {}): LintSettings => ({
  rules: { [rule]: { ...(severity && { severity }), options } },
  ignore: [],
})

afterEach(() => void vi.restoreAllMocks())

describe('lintTopology', () => {
  it('compares each queue with each policy once for all rules, and not at all if their beginnings differ', () => {
    const compared = vi.spyOn(BrokerPattern.prototype, 'matchesBytes')
    const queues = Array.from({ length: 30 }, (_, at) => queue(`area-${at % 3}.queue-${at}`, { type: 'quorum' }))
    const policies = ['^area-0\\..*', '^area-1\\..*', 'queue-[12]$'].map((pattern, at) =>
      policy(`p${at}`, { pattern, applyTo: 'queues', priority: at, definition: { 'max-length': 10 } }),
    )
    lintTopology({ topology: topology({ queues, policies }), version: '4.3.6' }, NO_SETTINGS)

    const names = compared.mock.calls.map(([name]) => name).toSorted()
    const expected = queues.flatMap(({ name }) => (name.startsWith('area-2') ? [name] : [name, name]))
    expect(names).toEqual(expected.toSorted())
  })

  it('gives findings the position of their object and the severity of their rule', () => {
    expect(rulesFound()).toEqual(['warning binding-never-matches 4'])
  })

  it('takes severities from the settings', () => {
    expect(rulesFound(withRule('binding-never-matches', 'error'))).toEqual(['error binding-never-matches 4'])
    expect(rulesFound(withRule('binding-never-matches', 'off'))).toEqual([])
  })

  it('runs a rule that is off by default with the severity warning if it is configured', () => {
    expect(rulesFound(withRule('allowed-queue-types', undefined, { types: ['quorum'] }))).toContain(
      'warning allowed-queue-types',
    )
  })

  it('turns warnings about the files into findings of the rule that adopts them', () => {
    const warning = finding('quorum-drops-returns', { queue: 'q', subscription: 's' }, AT)
    const { findings } = lintTopology({ topology: topology(), version: '4.3.6', warnings: [warning] }, NO_SETTINGS)

    expect(findings).toEqual([
      expect.objectContaining({
        rule: 'quorum-queue-drops-returned',
        location: AT,
        message: expect.stringMatching(
          /returned 21 times; from 4\.3 on, only returns by a closed channel or connection/,
        ),
        page: 'docs/rules/quorum-queue-drops-returned.md',
      }),
    ])
  })

  it('accepts the findings of a rule on the line after a comment with a reason', () => {
    const text = '\n# warren-ignore binding-never-matches: the key is meant literally\n\n- audit\n'
    const { findings, ignored } = lintTopology(
      { topology: LITERAL, version: '4.3.6' },
      NO_SETTINGS,
      new Map([['t.yaml', text]]),
    )

    expect([findings, ignored]).toEqual([[], 1])
  })

  it('accepts only the rule that the comment names, and reports a comment that accepts nothing', () => {
    expect(rulesFound(NO_SETTINGS, '\n\n# warren-ignore binding-redundant: why\n- audit\n')).toEqual([
      'warning unused-ignore 3',
      'warning binding-never-matches 4',
    ])
  })

  it('reports a comment without a reason, which accepts nothing', () => {
    expect(rulesFound(NO_SETTINGS, '\n\n# warren-ignore binding-never-matches\n- audit\n')).toEqual([
      'warning ignore-without-reason 3',
      'warning binding-never-matches 4',
    ])
  })

  it('accepts findings by the address of their object, and reports entries that accept none', () => {
    const accepting = (address: string): LintSettings => ({
      rules: {},
      ignore: [{ rule: 'binding-never-matches', address, reason: 'known' }],
    })

    expect(rulesFound(accepting('binding:*'))).toEqual([])
    expect(rulesFound(accepting('queue:*'))).toEqual(['warning unused-ignore', 'warning binding-never-matches 4'])
  })
})

describe('the rule permission-not-anchored', () => {
  it('advises to leave out the quotes of an expression that is nothing else', () => {
    const hintsOf = (configure: string) =>
      lintTopology(
        { topology: topology({ permissions: [permission('monitoring', { configure })] }), version: '4.3.6' },
        NO_SETTINGS,
      ).findings.map(({ hint }) => hint)

    expect(hintsOf("''")).toEqual([expect.stringContaining('leave out the quotes')])
    expect(hintsOf('orders')).toEqual(['begin each alternative with ^ and end it with $'])
  })
})

describe('ignoreComments', () => {
  it('finds comments on their own lines, several for one line, and none within a line', () => {
    const text = [
      'a: 1 # warren-ignore inline: no',
      '  # warren-ignore one: first',
      '  # another comment',
      '  # warren-ignore two: second',
      '',
      'b: 2',
    ].join('\r\n')

    expect(ignoreComments(new Map([['f', text]])).map(({ rule, reason, line }) => [rule, reason, line])).toEqual([
      ['one', 'first', 6],
      ['two', 'second', 6],
    ])
  })
})
