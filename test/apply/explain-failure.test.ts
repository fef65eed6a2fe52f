import { describe, expect, it } from 'vitest'
import { explainFailure } from '../../src/apply/explain-failure.ts'
import { ManagementError } from '../../src/management/errors.ts'
import { planOf } from '../builders/plan-of.ts'
import { queue, topology } from '../builders/objects.ts'

describe('a change that the broker refuses with 401', () => {
  it.each([
    ['rights that are missing', 'Access refused.', /rabbitmqctl set_permissions/],
    ['a user that is gone', 'Login failed', /no longer knows the user/],
    ['a tag that was taken away', 'Not management user', /has no tag any more/],
  ])('is explained by %s', (_what, reason, hint) => {
    const [change] = planOf(topology(), topology({ queues: [queue('q')] })).changes
    const error = new ManagementError({ method: 'PUT', path: '/api/queues/%2F/q', status: 401, reason })

    expect(change && explainFailure(error, change, 'joe')).toMatchObject({
      refused: true,
      hint: expect.stringMatching(hint),
    })
  })
})
