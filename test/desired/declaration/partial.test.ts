import { describe, expect, it } from 'vitest'
import { finding } from '../../../src/diagnostics/findings/finding.ts'
import { declareFiles, HEAD, NO_POLICIES, plain } from './declaring.ts'

const at = (line: number): { file: string; line: number; column: number } => ({ file: 't.yaml', line, column: 5 })

describe('documents with mistakes', () => {
  it('keep the valid declarations, and the names of the others', async () => {
    const { declaration, partial } = await declareFiles(`${HEAD}vhost: { name: /v, tag: 1 }
exchanges:
  e: { type: 1, durable: false }
queues:
  q: { maxLength: many, bindings: [a, { routingKey: b }, { exchange: c, routingKey: 1 }] }
  r: { type: quorum, retry: { mode: native, delays: [] } }
  s: { retry: { delays: [] }, deadLetter: true }
bindings:
  - { source: e, destination: {} }
  - { source: e, destination: { queue: q } }
publications:
  p: { routingKey: x }
  o: { exchange: "\${env:NOPE}" }
subscriptions:
  t: { prefetch: 1 }
policies:
  p: { pattern: x }
superStreams:
  s:
parameters:
  shovel: { a: "\${env:NOPE}" }
users:
  u: { tags: 1, can: { consume: [t] } }
`)

    expect(declaration).toBeUndefined()
    expect(plain(partial?.declaration.vhosts)).toEqual([
      {
        name: '/v',
        origin: { file: 't.yaml', line: 3, column: 16, length: 2 },
        claim: { name: '/v' },
        exchanges: { e: { durable: false } },
        queues: { q: { bindings: ['a', { exchange: 'c' }] }, r: { type: 'quorum' }, s: { deadLetter: true } },
        bindings: [{ source: 'e', destination: { queue: 'q' } }],
        publications: { p: { exchange: '' }, o: { exchange: '' } },
        requests: {},
        subscriptions: { t: { queue: '' } },
        users: { u: { can: { consume: ['t'] } } },
        ...NO_POLICIES,
        parameters: { shovel: {} },
      },
    ])
  })

  it('keep the findings that are independent of the mistakes', async () => {
    const { partial } = await declareFiles(`${HEAD}queues:
  damaged:
    maxLength: many
    bindings: [nope]
  sound:
    bindings: [nope]
`)
    const isCertain = partial?.isCertain ?? (() => undefined)

    expect([
      isCertain(finding('unknown-exchange', { exchange: 'nope', vhost: '/' }, at(6))),
      isCertain(finding('unknown-exchange', { exchange: 'nope', vhost: '/', suggestion: 'damaged' }, at(8))),
      isCertain(finding('unknown-queue', { queue: 'damaged.dead', vhost: '/' }, at(8))),
      isCertain(finding('unknown-queue', { queue: 'damage', vhost: '/' }, at(8))),
      isCertain(finding('type-required', { property: 'retry' }, at(4))),
      isCertain(finding('type-required', { property: 'retry' }, at(7))),
      isCertain(finding('quorum-drops-returns', { queue: 'sound', subscription: 's' }, at(7))),
    ]).toEqual([true, true, false, true, false, true, false])
  })

  it('are not searched if a syntax error hides their structure', async () => {
    expect((await declareFiles(`${HEAD}queues: { a: [\n`)).partial).toBeUndefined()
    expect((await declareFiles(`${HEAD}queues: { a: { arguments: { x: "\\q" } } }\n`)).partial).toBeDefined()
  })
})
