import { expect, it } from 'vitest'
import { noteText } from '../../../src/render/text/notes-text.ts'

it('a note about a policy that a type of queue does not take says which other keys have no effect there', () => {
  const note = {
    note: 'policy-not-for-type',
    policy: 'policy:%2F/ha',
    type: 'quorum',
    keys: ['ha-mode'],
    addresses: Array.from({ length: 10 }, (_, index) => `queue:%2F/q${index}`),
  } as const
  const text =
    'policy:%2F/ha does not apply to 10 declared queues, such as queue:%2F/q0, because a quorum queue has no ha-mode'

  expect(noteText({ ...note, lost: [] })).toBe(text)
  expect(noteText({ ...note, lost: ['message-ttl'] })).toBe(`${text}: its message-ttl has no effect there either`)
  expect(noteText({ ...note, lost: ['expires', 'message-ttl'] })).toBe(
    `${text}: its expires, message-ttl have no effect there either`,
  )
})

it('a note about a queue that is left out of a migration names the reason', () => {
  const reasons = [
    { problem: 'protected' },
    { problem: 'holding-name-taken', holding: 'queue:%2F/q.moving' },
    { problem: 'uncounted', because: 'its leader does not answer' },
    { problem: 'auto-delete' },
  ] as const

  expect(reasons.map((why) => noteText({ note: 'not-migrated', why, addresses: ['queue:%2F/q'] }))).toEqual(
    [
      'it is declared with protect: true',
      'queue:%2F/q.moving, in which its messages would wait, exists or is declared',
      'its messages cannot be counted: its leader does not answer',
      'its messages cannot be moved: it is deleted with its last consumer',
    ].map((reason) => `queue:%2F/q is left out of the migration: ${reason}`),
  )
})
