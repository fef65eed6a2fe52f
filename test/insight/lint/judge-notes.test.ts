import { describe, expect, it } from 'vitest'
import { judgeNotes } from '../../../src/insight/lint/judge-notes.ts'
import { type LintSettings, NO_SETTINGS } from '../../../src/insight/lint/lint-settings.ts'
import type { Note } from '../../../src/plan/note.ts'
import { policy, topology } from '../../builders/objects.ts'

const NOTES: readonly Note[] = [
  {
    note: 'policy-shadowed',
    policy: 'policy:%2F/all',
    by: 'policy:%2F/orders',
    keys: ['max-length'],
    addresses: ['queue:%2F/orders'],
  },
  { note: 'policies-tie', policies: ['policy:%2F/p', 'policy:%2F/q'], addresses: ['queue:%2F/a'] },
  { note: 'policy-drops-head', policy: 'policy:%2F/orders', addresses: ['queue:%2F/orders'] },
]

function kept(settings: LintSettings, text = ''): string[] {
  const declared = topology({ policies: [policy('orders', { origin: { file: 't.yaml', line: 2, column: 3 } })] })
  const files = { topology: declared, sources: new Map([['t.yaml', text]]) }
  return judgeNotes(NOTES, files, settings).map(({ note }) => note)
}

const off = (rule: string): LintSettings => ({ rules: { [rule]: { severity: 'off', options: {} } }, ignore: [] })

describe('judgeNotes', () => {
  it('keeps all notes without settings', () => {
    expect(kept(NO_SETTINGS)).toEqual(['policy-shadowed', 'policies-tie', 'policy-drops-head'])
  })

  it('leaves out a note whose rule is off', () => {
    expect(kept(off('policy-takes-keys-away'))).toEqual(['policies-tie', 'policy-drops-head'])
    expect(kept(off('policies-of-equal-priority'))).toEqual(['policy-shadowed', 'policy-drops-head'])
  })

  it('leaves out a note that a comment on a policy or an entry of the config accepts', () => {
    const accepting = (rule: string, address: string) =>
      kept({ rules: {}, ignore: [{ rule, address, reason: 'known' }] })

    expect(kept(NO_SETTINGS, '# warren-ignore policy-takes-keys-away: meant\norders: {}\n')).toEqual([
      'policies-tie',
      'policy-drops-head',
    ])
    expect(accepting('policies-of-equal-priority', 'policy:*/q')).toEqual(['policy-shadowed', 'policy-drops-head'])
    expect(accepting('policies-of-equal-priority', 'policy:*/r')).toHaveLength(3)
  })
})
