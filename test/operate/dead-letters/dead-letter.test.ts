import type { ConsumeMessage } from 'amqplib'
import { describe, expect, it } from 'vitest'
import { type DeadLetter, readDeadLetter } from '../../../src/operate/dead-letters/dead-letter.ts'
import { deadLetterQueues } from '../../../src/operate/dead-letters/dead-letter-queues.ts'
import { matcherOf } from '../../../src/operate/dead-letters/message-filter.ts'
import { UnreadableHeader } from '../../../src/broker/amqp/connections/deep-headers.ts'
import { message } from '../../runtime/messages.ts'
import { route } from './routes.ts'

type Parts = { fields?: Partial<ConsumeMessage['fields']>; headers?: Record<string, unknown> }

function read({ fields = {}, headers = {} }: Parts, routes = [route('email')]): DeadLetter {
  const [queue] = deadLetterQueues(routes)
  if (!queue) throw new Error('no queue')
  const plain = message({ properties: { headers } })
  return readDeadLetter(
    { ...plain, fields: { ...plain.fields, exchange: 'email.failed', routingKey: 'dead', ...fields } },
    queue,
  )
}

const death = (queue: string, reason: string) => ({
  queue,
  reason,
  exchange: 'tasks',
  'routing-keys': ['key'],
  time: { '!': 'timestamp', value: 1_767_225_600 },
  count: 1,
})

describe('the headers of a dead letter', () => {
  it('are cut off where they are nested too deeply', () => {
    const nested = (depth: number) => {
      let value: unknown = 'end'
      for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value, '!': 'none' }
      return value
    }
    const { headers } = read({ headers: { flat: [['a']], deep: nested(100_000), unread: new UnreadableHeader() } })

    expect(headers).toMatchObject({ flat: [['a']], unread: '(nested too deep)' })
    expect(JSON.stringify(headers['deep'])).toContain('(nested too deep)')
  })
})

describe('the reason of a dead letter', () => {
  it('is that of the runtime, whose copies carry no x-death', () => {
    expect(
      read({ headers: { 'x-warren-reason': 'timeout', 'x-warren-error': 'late', 'x-warren-attempt': 2 } }),
    ).toMatchObject({
      reason: 'timeout',
      error: 'late',
      retries: 2,
    })
  })

  it('is the newest reason of the broker, if that is newer than a retry copy (pitfall 35)', () => {
    const headers = {
      'x-death': [death('email', 'rejected'), death('email.retry.5s', 'expired')],
      'x-warren-reason': 'error',
      'x-warren-error': 'the attempt before',
      'x-warren-attempt': 3,
    }
    const letter = read({ headers })
    expect(letter).toMatchObject({
      reason: 'rejected',
      retries: 3,
      died: '2026-01-01T00:00:00.000Z',
      exchange: 'tasks',
      routingKey: 'key',
    })
    expect(letter.error).toBeUndefined()
  })

  it.each([[{}], [{ 'x-death': 'mine' }], [{ 'x-death': [null, 7, {}] }], [{ 'x-warren-reason': 7 }]])(
    'is unknown if the headers contain no valid reason: %j',
    (headers) => {
      expect(read({ headers }).reason).toBe('unknown')
    },
  )
})

describe('the queue of a dead letter', () => {
  const two = [
    route('email', { deadLetterQueue: 'all', exchange: 'dlx', routingKey: 'same' }),
    route('sms', { deadLetterQueue: 'all', exchange: 'dlx', routingKey: 'same' }),
    route('fax', { deadLetterQueue: 'all', exchange: 'dlx', routingKey: 'fax' }),
  ]

  it('is that of the exchange and routing key by which it came', () => {
    expect(read({ fields: { exchange: 'dlx', routingKey: 'fax' } }, two).queue).toBe('fax')
  })

  it('is the queue in x-death if several queues use the same exchange and key', () => {
    const fields = { exchange: 'dlx', routingKey: 'same' }
    expect(read({ fields, headers: { 'x-death': [death('sms', 'expired')] } }, two).queue).toBe('sms')
    expect(read({ fields, headers: { 'x-death': [death('fax', 'expired')] } }, two).queue).toBeUndefined()
    expect(read({ fields }, two).queue).toBeUndefined()
  })

  it('is unknown for a message that arrived another way, unless the message was moved there by name', () => {
    expect(read({ fields: { exchange: 'stray', routingKey: 'dead' } }).queue).toBeUndefined()
    expect(read({ fields: { exchange: '', routingKey: 'email.dead' } }).queue).toBe('email')
    expect(read({ fields: { exchange: '', routingKey: 'all' } }, two).queue).toBeUndefined()
  })
})

describe('a filter', () => {
  const letter = {
    ...read({ headers: { 'x-warren-reason': 'error', tenant: 'acme', size: 7, list: [1] } }),
    messageId: 'm1',
  }

  it.each([
    [{}, true],
    [{ reasons: ['invalid', 'error'] }, true],
    [{ reasons: ['invalid'] }, false],
    [{ ids: ['m1'], queues: ['email'] }, true],
    [{ ids: ['m2'] }, false],
    [{ queues: ['sms'] }, false],
    [{ headers: [{ name: 'tenant', value: 'acme' }] }, true],
    [
      {
        headers: [
          { name: 'size', value: '7' },
          { name: 'list', value: '[1]' },
        ],
      },
      true,
    ],
    [
      {
        headers: [
          { name: 'tenant', value: 'acme' },
          { name: 'absent', value: '' },
        ],
      },
      false,
    ],
    [{ headers: [{ name: 'toString', value: '' }] }, false],
    [{ error: 'x' }, false],
    [{ before: Date.now() }, false],
  ])('%j fits: %s', (filter, fits) => {
    expect(matcherOf(filter)(letter)).toBe(fits)
  })

  it('matches the time of the failure, including the given time itself', () => {
    const died = read({
      headers: { 'x-death': [death('email', 'expired')], 'x-warren-first-failed': '2020-01-01T00:00:00Z' },
    })
    const time = Date.UTC(2026, 0, 1)
    expect([matcherOf({ after: time })(died), matcherOf({ before: time })(died)]).toEqual([true, false])
  })
})
