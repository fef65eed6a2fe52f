import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { DriftEvent } from '../../../src/operate/drift/drift-event.ts'
import { NO_DRIFT, observe } from '../../../src/operate/drift/drift-state.ts'
import { driftEventText, notificationBody, notificationHeaders } from '../../../src/operate/drift/notification.ts'
import type { ObservedDrift } from '../../../src/operate/drift/observed-drift.ts'

const DIFFERS: ObservedDrift = {
  address: 'exchange:%2F/bills',
  kind: 'exchange',
  action: 'replace',
  differences: [
    { property: 'type', before: 'fanout', after: 'topic' },
    { property: 'arguments.key', secret: 'changed' },
  ],
  fingerprint: 'a1',
  owner: 'payments',
  createdBy: 'app',
}

const CHANGE = { changedBy: 'ops', changedAt: '2026-01-01T00:00:00.000Z' }

/** The events while a drift begins and ends. */
function eventsOf(drift: ObservedDrift, environment?: string): readonly DriftEvent[] {
  const watched = { project: 'shop', ...(environment !== undefined && { environment }) }
  const now = Date.parse('2026-01-01T00:00:00Z')
  const first = observe(NO_DRIFT, watched, { drifts: [drift], now, webhooks: [] })
  return [...first.events, ...observe(first.state, watched, { drifts: [], now, webhooks: [] }).events]
}

function textsOf(drift: Partial<ObservedDrift>, environment?: string): readonly string[] {
  return eventsOf({ ...DIFFERS, ...drift }, environment).map(driftEventText)
}

describe('the body of a notification', () => {
  it('matches its schema', async () => {
    const schema = JSON.parse(await readFile('schemas/drift-notification.schema.json', 'utf8')) as object
    const ajv = new Ajv({ allErrors: true })
    addFormats.default(ajv)
    const validate = ajv.compile(schema)

    for (const environment of [undefined, 'prod']) {
      const body = JSON.parse(notificationBody(eventsOf(DIFFERS, environment), 'json')) as unknown
      expect([validate(body), validate.errors]).toEqual([true, null])
    }
    expect(validate({ format: 1, events: [{ ...eventsOf(DIFFERS)[0], password: 'x' }] })).toBe(false)
    expect(validate({ format: 1, events: [{ ...eventsOf(DIFFERS)[0], ...CHANGE }] })).toBe(true)
  })

  it('is a single text for Slack', () => {
    expect(JSON.parse(notificationBody(eventsOf(DIFFERS), 'slack'))).toEqual({ text: textsOf({}).join('\n') })
  })
})

describe('notificationHeaders', () => {
  it('signs the body with the secret', () => {
    const signature = createHmac('sha256', 'hush').update('{}').digest('hex')

    expect(notificationHeaders('{}', 'hush')['x-warren-signature']).toBe(`sha256=${signature}`)
    expect(notificationHeaders('{}')).not.toHaveProperty('x-warren-signature')
  })
})

describe('driftEventText', () => {
  it('names the environment, the difference, the owner and the creator', () => {
    expect(textsOf({}, 'prod')).toEqual([
      '[shop in prod] exchange:%2F/bills is not as declared: type is "fanout" instead of "topic", arguments.key differs (owner: payments; declared by the user app)',
      '[shop in prod] exchange:%2F/bills is as declared again (owner: payments; declared by the user app)',
    ])
  })

  it('names who changed the object, if the broker reports it', () => {
    const [drifted] = eventsOf({ ...DIFFERS, action: 'create', differences: [] })
    if (drifted === undefined) throw new Error('there is no event')

    expect(driftEventText({ ...drifted, ...CHANGE })).toContain(
      'is missing on the broker (owner: payments; declared by the user app; changed by the user ops at 2026-01-01T00:00:00.000Z)',
    )
    expect(driftEventText({ ...drifted, ...CHANGE, changedBy: 'rmq-internal' })).toContain(
      '; changed by the broker itself at ',
    )
  })

  it.each([
    ['create', 'is missing on the broker'],
    ['delete', 'is no longer declared and still exists'],
    ['rename', 'still has its former name'],
    ['returned', 'came back after warren deleted it: a program still declares it'],
  ] as const)('has a sentence for %s', (action, text) => {
    expect(textsOf({ action, differences: [] })[0]).toContain(` ${text} (`)
  })

  it('shortens long values', () => {
    const [text = ''] = textsOf({ differences: [{ property: 'definition', before: 'x'.repeat(5_000) }] })

    expect(text.length).toBeLessThan(300)
    expect(text).toContain('… instead of not set')
  })
})
