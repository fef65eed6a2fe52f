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
