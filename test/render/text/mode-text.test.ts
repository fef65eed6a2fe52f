import { describe, expect, it } from 'vitest'
import type { Outcome, Report } from '../../../src/apply/report.ts'
import { blocksText } from '../../../src/render/blocks/blocks-text.ts'
import { keptText } from '../../../src/render/text/plan-text.ts'
import { modeText } from '../../../src/render/text/mode-text.ts'
import { summaryText } from '../../../src/render/text/plan-summary.ts'
import { reportText } from '../../../src/render/text/report-text.ts'
import { styleFor } from '../../../src/render/words/style.ts'
import { queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const plain = styleFor(false)
const both = topology({ queues: [queue('q')] })
const withoutDigest = (lines: readonly string[]) => lines.map((line) => line.replace(/ {3}digest .*/, ''))

describe('the head of a plan', () => {
  it('shows the mode of the plan, and its filters', () => {
    const narrowed = { prune: true, adopt: true, targets: ['queue:*'], excludes: ['*x'] }

    expect(withoutDigest(modeText(planOf(both, both), plain))).toEqual(['Mode     create, update'])
    expect(withoutDigest(modeText(planOf(both, both, {}, narrowed), plain))).toEqual([
      'Mode     create, update, prune, adopt',
      'Partial  only queue:*, without *x',
    ])
    expect(withoutDigest(modeText(planOf(both, both, {}, { destroy: true }), plain))).toEqual(['Mode     destroy'])
  })

  it('lists each step that a glob permits, because approving the plan approves the step', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const live = topology({ queues: names.map((name) => queue(name)) })
    const desired = topology({ queues: names.map((name) => queue(name, { type: 'quorum' })) })
    const headOf = (glob: string) =>
      withoutDigest(modeText(planOf(live, desired, {}, { migrate: new Set([glob]) }), plain))

    expect(headOf('queue:%2F/*')).toEqual([
      'Mode     create, update',
      'Allowed  5 steps',
      ...names.map((name) => `         migrate queue:%2F/${name}`),
    ])
    expect(headOf('queue:%2F/a*')).toEqual(['Mode     create, update', 'Allowed  migrate queue:%2F/a'])
  })

  it('shows the known owners, and the reason for a missing lock', () => {
    expect(withoutDigest(modeText(planOf(both, both, owned(), { prune: true }), plain))).toEqual([
      'Mode     create, update, prune',
      'Owner    1 existing object without an owner: the apply records it as adopted',
      '         queue:%2F/q',
      'Owner    no record yet in /: nothing there can be pruned',
    ])
    expect(
      withoutDigest(modeText({ ...planOf(both, both, { ownership: 'unknown' }), unlocked: 'no AMQP' }, plain)),
    ).toEqual([
      'Mode     create, update',
      'Owner    unknown: the login may not read the ownership records',
      'Lock     none: no AMQP',
    ])
  })
})

describe('objects that a prune keeps', () => {
  it('are named, with the reason and the option that deletes them', () => {
    const kept = [
      { address: 'queue:%2F/q.retry.1h', reason: 'waiting', messages: 1_204 },
      { address: 'vhost:%2F', reason: 'vhost' },
    ] as const

    expect(keptText({ ...planOf(both, both), kept }, plain)).toEqual([
      [
        'Kept',
        '  queue:%2F/q.retry.1h',
        '      kept, 1,204 waiting; a later prune deletes it when it is empty',
        '  vhost:%2F',
        '      kept; delete it, with all that is in it, with  --allow delete=vhost:%2F',
      ].join('\n'),
    ])
    expect(keptText(planOf(both, both), plain)).toEqual([])
  })
})

describe('a block of a prune', () => {
  it('is shown with its numbers, and with the only way to continue', () => {
    const own = record({ owned: ['queue:%2F/q'], protected: [] })
    const counts = new Map([['queue:%2F/q', { messages: 1_204, consumers: 3 }]])
    const plan = planOf(both, topology(), { ...owned(own), counts }, { destroy: true })

    expect(blocksText(plan, plain)).toEqual([
      [
        'Blocked  1 decision is needed; nothing is applied until then',
        '  queue:%2F/q',
        '      deleting it would lose 1,204 messages and 3 consumers',
        '      accept that with  --allow delete=queue:%2F/q   or keep it with  --exclude queue:%2F/q',
      ].join('\n'),
    ])
    expect(summaryText(plan, plain)).toBe('Summary  1 to delete, 1 blocked, 0 unchanged')
  })

  it('is counted in the plan that does not prune', () => {
    expect(summaryText(planOf(both, topology(), owned(record({ owned: ['queue:%2F/q'] }))), plain)).toBe(
      'Summary  nothing to do, 1 unchanged, 1 no longer declared (deleted by --prune)',
    )
  })
})

describe('the text of a report', () => {
  const outcome = (rest: object) => ({ address: 'queue:v/q', action: 'delete', ...rest }) as Outcome
  const text = (outcomes: readonly Outcome[], rest: Partial<Report> = {}) =>
    reportText({ format: 1, digest: '0', outcomes, interrupted: false, ...rest }, plain)

  it('names the changes that were not done, and the reason', () => {
    const outcomes = [
      outcome({ status: 'done' }),
      outcome({ status: 'stale', reason: 'it has 1 message, and the plan named 0' }),
      outcome({ status: 'kept', messages: 2 }),
    ]

    expect(text(outcomes)).toBe(
      [
        '  stale    delete queue:v/q, because more is at risk than the plan named',
        '           it has 1 message, and the plan named 0; plan again',
        '  kept     queue:v/q, 2 waiting',
        'Applied  1 done, 1 stale, 1 kept\n',
      ].join('\n'),
    )
  })

  it('says when the lock was lost, and when the record could not be written', () => {
    expect(text([], { lockLost: true, recordFailed: '500 no' })).toBe(
      [
        '  stopped  the lock of the project was lost: another apply may run',
        '  failed   the ownership record could not be written: 500 no',
        '           run the command again to repair it',
        'Applied  0 done\n',
      ].join('\n'),
    )
  })
})
