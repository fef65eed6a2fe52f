import { describe, expect, it } from 'vitest'
import { explainFailure } from '../../src/apply/explain-failure.ts'
import { PartialChangeError } from '../../src/apply/partial-change-error.ts'
import { NoAnswerError } from '../../src/broker/amqp/connections/answer-limit.ts'
import { ManagementError, UnreachableError } from '../../src/broker/management/errors.ts'
import { planOf } from '../builders/plan-of.ts'
import { exchange, queue, topology } from '../builders/objects.ts'

describe('a change that the broker refuses with 401', () => {
  it.each([
    ['rights that are missing', 'Access refused.', /rabbitmqctl set_permissions/],
    ['a user that is gone', 'Login failed', /no longer knows the user/],
    ['a tag that was taken away', 'Not management user', /no longer has a tag/],
  ])('is explained by %s', (_what, reason, hint) => {
    const [change] = planOf(topology(), topology({ queues: [queue('q')] })).changes
    const error = new ManagementError({ method: 'PUT', path: '/api/queues/%2F/q', status: 401, reason })

    expect(change && explainFailure(error, change, 'joe')).toMatchObject({
      code: 'ACCESS_REFUSED',
      refused: true,
      hint: expect.stringMatching(hint),
    })
  })
})

describe('a value that the broker refuses', () => {
  const refusal = (value: string) => {
    const wanted = topology({ exchanges: [exchange('e', { arguments: { 'x-uri': value } })] })
    const [change] = planOf(topology(), wanted).changes
    const reason = `bad argument: [97,109,113,112]`
    const error = new ManagementError({ method: 'PUT', path: '/api/exchanges/%2F/e', status: 400, reason })
    return change && explainFailure(error, change, 'joe').reason
  }

  it('is reported without the reason of the broker if it contains a login', () => {
    expect(refusal('amqp://user:pa55word@host')).toBe(
      "400 the broker's reason is not shown, because the refused value contains a secret",
    )
  })

  it('is reported in the words of the broker if it contains no secret', () => {
    expect(refusal('amqp://host')).toBe('400 bad argument: [97,109,113,112]')
  })
})

describe('the code of a change that failed', () => {
  const [change] = planOf(topology(), topology({ queues: [queue('q')] })).changes
  const refused = new ManagementError({ method: 'PUT', path: '/api/queues/%2F/q', status: 400, reason: 'no' })

  it.each([
    ['REQUEST_FAILED', refused],
    ['UNREACHABLE', new UnreachableError('no answer', { hint: 'wait' })],
    ['NO_ANSWER', new NoAnswerError('the broker did not answer in time')],
    ['REQUEST_FAILED', new PartialChangeError(refused)],
    ['UNEXPECTED', new TypeError('a bug')],
  ])('is %s for %s', (code, error) => {
    expect(change && explainFailure(error, change, 'joe')).toMatchObject({ code })
  })
})
