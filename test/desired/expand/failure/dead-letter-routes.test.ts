/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import { describe, expect, it } from 'vitest'
import { expand } from '../../../../src/desired/expand/expand.ts'
import { declared, type Sections } from '../declared.ts'

/** The queue, its dead-letter queue, and the exchange and routing key that lead there. */
function routesOf(sections: Sections): string[][] {
  const { desired } = expand(declared({ '/': sections }), () => ({ schema: true }))
  return desired.deadLetters.map((each) => [each.queue, each.deadLetterQueue, each.exchange, each.routingKey])
}

describe('the routes of dead letters', () => {
  it('lead from every queue with dead letters to its dead-letter queue', () => {
    expect(
      routesOf({
        queues: {
          sms: { type: 'quorum', deadLetter: true },
          email: { type: 'classic', deadLetter: { queue: 'graveyard' }, retry: { delays: ['5s'] } },
          plain: {},
          lossy: { type: 'quorum', retry: { delays: ['5s'], then: 'discard' } },
        },
      }),
    ).toEqual([
      ['email', 'graveyard', 'email.failed', 'dead'],
      ['sms', 'sms.dead', 'sms.failed', 'dead'],
    ])
  })

  it("lead through a declared exchange with the name of the queue, and return through each queue's own exchange", () => {
    const sections: Sections = {
      exchanges: { dlx: { type: 'topic' } },
      queues: { email: { type: 'quorum', deadLetter: { exchange: 'dlx', queue: 'all' } } },
    }
    expect(routesOf(sections)).toEqual([['email', 'all', 'dlx', 'email']])
    const { desired } = expand(declared({ '/': sections }), () => ({ schema: true }))
    expect(desired.deadLetters[0]?.back).toEqual({ exchange: 'email.failed', routingKey: 'back' })
  })

  it('lead to explicitly bound queues if there is no dead-letter queue', () => {
    expect(
      routesOf({
        queues: {
          email: { type: 'quorum', deadLetter: { queue: false } },
          morgue: { bindings: [{ exchange: 'email.failed', routingKey: 'dead' }] },
          other: { bindings: [{ exchange: 'email.failed', routingKey: 'back' }] },
        },
      }),
    ).toEqual([['email', 'morgue', 'email.failed', 'dead']])
  })
})
