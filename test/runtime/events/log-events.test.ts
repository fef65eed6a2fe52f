import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { logEvents } from '../../../src/runtime/events/log-events.ts'
import { PublishError } from '../../../src/runtime/publish/publish-error.ts'
import { RouteError } from '../../../src/runtime/routes/route-error.ts'
import { RuntimeEmitter } from '../../../src/runtime/events/runtime-events.ts'
import type { RuntimeLogger } from '../../../src/runtime/events/runtime-logger.ts'

type At = (level: string) => (facts: object, sentence: string) => void

function logged(emit: (events: RuntimeEmitter) => void, more: (at: At) => Partial<RuntimeLogger> = () => ({})) {
  const lines: { level: string; facts: object; sentence: string }[] = []
  const at: At = (level) => (facts, sentence) => void lines.push({ level, facts, sentence })
  const events = new RuntimeEmitter()
  logEvents(events, { info: at('info'), warn: at('warn'), error: at('error'), ...more(at) })
  emit(events)
  return lines
}

const error = new Error('mail server\nis down')
const about = {
  subscription: 'emails',
  queue: 'email',
  messageId: 'm-1',
  correlationId: undefined,
  attempt: 2,
  reason: 'error',
  error,
} as const

describe('logEvents', () => {
  it('reports the outcome of a failed message, with the facts next to the sentence', () => {
    expect(logged((events) => events.emit('retried', { ...about, delay: 30_000 }))).toEqual([
      {
        level: 'warn',
        facts: {
          event: 'retried',
          subscription: 'emails',
          queue: 'email',
          messageId: 'm-1',
          attempt: 2,
          reason: 'error',
          delay: 30_000,
          err: error,
        },
        sentence:
          'subscription "emails" failed on the message "m-1" (attempt 2, error): Error: mail server is down; again in 30s',
      },
    ])
  })

  it('has a line for each way that a message can end', () => {
    const because = new PublishError('no queue is bound', { outcome: 'unroutable', publication: 'emails' })
    const failed = 'subscription "emails" failed on the message "m-1" (attempt 2, error): Error: mail server is down'
    const lines = logged((events) => {
      events.emit('retried', { ...about, delay: 0 })
      events.emit('deadLettered', about)
      events.emit('discarded', { ...about, messageId: undefined })
      events.emit('held', { ...about, because })
    })
    expect(lines.map(({ level, sentence }) => `${level} ${sentence}`)).toEqual([
      `warn ${failed}; again at once`,
      `error ${failed}; it was dead-lettered`,
      `warn ${failed.replace('the message "m-1"', 'a message without an id')}; it was discarded, as declared`,
      `warn ${failed}; it is held, because its copy could not be published: no queue is bound`,
    ])
  })

  it('reports a stopped consumer, with what to do about it', () => {
    const stopped = new RouteError('CONSUMER_STOPPED', 'emails', 'it cannot read a message', 'declare deadLetter')
    const lines = logged((events) =>
      events.emit('consumerStopped', { subscription: 'emails', queue: 'email', error: stopped }),
    )
    expect(lines).toEqual([
      {
        level: 'error',
        facts: { event: 'consumerStopped', subscription: 'emails', queue: 'email', err: stopped },
        sentence: 'it cannot read a message — declare deadLetter',
      },
    ])
  })

  it('reports connections, and escapes control characters in names', () => {
    const lines = logged((events) => {
      events.emit('connectionUp', { role: 'publish' })
      events.emit('connectionDown', { role: 'consume', reason: 'gone\u001b[2J' })
    })
    expect(lines.map(({ level, sentence }) => `${level} ${sentence}`)).toEqual([
      'info connected to the broker (to publish)',
      'warn not connected to the broker (to consume), trying again: gone [2J',
    ])
  })

  it('logs each publish and delivery only to a logger that takes debug lines', () => {
    const emit = (events: RuntimeEmitter): boolean => {
      events.emit('published', {
        publication: 'send-email',
        exchange: 'tasks',
        routingKey: 'email',
        messageId: 'm-1',
        correlationId: 'order-7',
        outcome: 'confirmed',
        duration: 3.2,
      })
      const { subscription, queue, messageId, correlationId } = about
      const delivery = { subscription, queue, messageId, correlationId, attempt: 1 }
      events.emit('handled', { ...delivery, outcome: 'done', duration: 12.6, age: 900 })
      return events.hears('published') || events.hears('handled')
    }

    expect(logged(emit, (at) => ({ debug: at('debug') }))).toEqual([
      {
        level: 'debug',
        facts: {
          event: 'published',
          publication: 'send-email',
          exchange: 'tasks',
          routingKey: 'email',
          messageId: 'm-1',
          correlationId: 'order-7',
          outcome: 'confirmed',
          duration: 3.2,
        },
        sentence: 'publication "send-email": the message "m-1" confirmed after 3 ms',
      },
      {
        level: 'debug',
        facts: {
          event: 'handled',
          subscription: 'emails',
          queue: 'email',
          messageId: 'm-1',
          attempt: 1,
          outcome: 'done',
          duration: 12.6,
          age: 900,
        },
        sentence: 'subscription "emails": the message "m-1" (attempt 1) done after 13 ms',
      },
    ])
    let heard = true
    const keepHeard = (events: RuntimeEmitter): void => void (heard = emit(events))
    expect(logged(keepHeard, (at) => ({ debug: at('debug'), isLevelEnabled: (level) => level !== 'debug' }))).toEqual(
      [],
    )
    expect(heard).toBe(false)
    expect(logged(keepHeard)).toEqual([])
    expect(heard).toBe(false)
  })

  it('says why a subscription does not consume, and that a lost connection is not its end', () => {
    const { subscription, queue } = about
    const reasons = ['the connection was lost', "NOT_FOUND - no queue 'email' in vhost '/'"]
    const lines = logged((events) => {
      for (const reason of reasons) events.emit('consumerDown', { subscription, queue, reason })
    })
    expect(lines.map(({ level, sentence }) => `${level} ${sentence}`)).toEqual([
      'warn subscription "emails" has lost its connection, and consumes again after a reconnect',
      `warn subscription "emails" cannot consume the queue "email" now, and tries again: ${reasons[1]}`,
    ])
  })

  it('logs the outcome of idempotency', () => {
    const { subscription, queue, messageId, correlationId } = about
    const delivery = { subscription, queue, messageId, correlationId, attempt: 1 }
    const lines = logged((events) => {
      events.emit('duplicate', delivery)
      events.emit('keyMissing', delivery)
      events.emit('idempotencyInMemory', { subscription })
      events.emit('idempotencyFailed', { ...delivery, error: new Error('connect ECONNREFUSED') })
    })
    expect(lines.map(({ level, sentence }) => `${level} ${sentence}`)).toEqual([
      'info subscription "emails": the message "m-1" was handled before, and is acknowledged',
      'warn subscription "emails": the message "m-1" has no value for idempotencyKey, so each of its deliveries is handled',
      'warn subscription "emails" detects duplicates only in the memory of this process, which a restart loses: pass a store to connect() as idempotency, or memoryStore() if this is intended',
      'error subscription "emails": the idempotency store failed on the message "m-1": connect ECONNREFUSED',
    ])
  })

  it.each<[string, Partial<RuntimeLogger>]>([
    ['throws', { warn: fails, error: fails }],
    ['returns promises that are rejected', { warn: rejects, error: rejects }],
    ['returns an object whose method then throws', { warn: throwsLater, error: throwsLater }],
    ['cannot say whether it takes lines of debugging', { debug: fails, isLevelEnabled: fails }],
  ])('disturbs nothing with a logger that %s', async (_what, broken) => {
    const uncaught: unknown[] = []
    const keep = (thrown: unknown) => void uncaught.push(thrown)
    process.on('unhandledRejection', keep).on('uncaughtException', keep)
    onTestFinished(() => void process.off('unhandledRejection', keep).off('uncaughtException', keep))

    logged(
      (events) => {
        events.emit('retried', { ...about, delay: 0 })
        events.emit('deadLettered', about)
      },
      () => broken,
    )
    await setImmediate()
    await setImmediate()

    expect(uncaught).toEqual([])
  })
})

function fails(): never {
  throw new Error('the disk is full')
}

/** A logger may be written in JavaScript, where its functions may return anything. */
function rejects(): object {
  return Promise.reject(new Error('the disk is full'))
}

function throwsLater(): object {
  // oxlint-disable-next-line unicorn/no-thenable -- what a logger returns may be anything
  return { then: fails }
}
