import { describe, expect, it } from 'vitest'
import { chooseQueue, deadLetterQueues } from '../../../src/operate/dead-letters/dead-letter-queues.ts'
import { WarrenError } from '../../../src/diagnostics/warren-error.ts'
import { route } from './routes.ts'

const queues = deadLetterQueues([
  route('email', { deadLetterQueue: 'graveyard' }),
  route('sms', { deadLetterQueue: 'graveyard' }),
  route('a/b'),
  route('a/b', { vhost: 'other' }),
  route('graveyard', { deadLetterQueue: 'graveyard.dead' }),
])

function refusal(given: string, among = queues): { code: string; message: string; hint: string | undefined } {
  try {
    chooseQueue(among, given)
  } catch (error) {
    if (error instanceof WarrenError) return { code: error.code, message: error.message, hint: error.hint }
  }
  throw new Error('it was chosen')
}

describe('choosing a dead-letter queue', () => {
  it.each([
    ['graveyard', '/', 'graveyard'],
    ['email', '/', 'graveyard'],
    ['sms', '/', 'graveyard'],
    ['graveyard.dead', '/', 'graveyard.dead'],
    ['queue:%2F/a%2Fb', '/', 'a/b.dead'],
    ['queue:other/a%2Fb', 'other', 'a/b.dead'],
    ['queue:other/a%2Fb.dead', 'other', 'a/b.dead'],
  ])('finds a queue by %s, in vhost %s: %s', (given, vhost, name) => {
    expect(chooseQueue(queues, given)).toMatchObject({ vhost, name })
  })

  it('asks for an address where two vhosts have the name', () => {
    expect(refusal('a/b')).toEqual({
      code: 'AMBIGUOUS_QUEUE',
      message: '"a/b" means more than one dead-letter queue',
      hint: 'give the address of one: queue:%2F/a%2Fb.dead, queue:other/a%2Fb.dead',
    })
  })

  it('lists the dead-letter queues, and the one that was probably meant', () => {
    expect(refusal('emial').hint).toBe(
      'did you mean "email"? there are: queue:%2F/graveyard, queue:%2F/a%2Fb.dead, queue:other/a%2Fb.dead, queue:%2F/graveyard.dead',
    )
    expect(refusal('x', []).message).toBe('the topology declares no dead-letter queue')
  })
})
