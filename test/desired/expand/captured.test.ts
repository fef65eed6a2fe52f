import { describe, expect, it } from 'vitest'
import { explainFinding as say } from '../../../src/diagnostics/findings/finding.ts'
import { expand } from '../../../src/desired/expand/expand.ts'
import { declared, expanded, found, type Sections } from './declared.ts'

const about = (sections: Sections) => found(sections).filter((each) => /derived|displaced|outranked/.test(each))

const messages = (sections: Sections) =>
  expand(declared({ '/': sections }), () => ({ schema: true })).findings.map((each) => {
    const { severity, message } = say(each)
    return `${severity}: ${message}`
  })

const BILLING: Sections['queues'] = {
  'billing.x': { type: 'quorum', retry: { delays: ['5s', '30s'] }, deadLetter: true },
}

describe('a declared policy that also applies to derived queues', () => {
  it('is an error with both positions if it causes the loss of dead letters', () => {
    const policies = { short: { pattern: '^billing\\.', applyTo: 'queues', definition: { 'message-ttl': 60_000 } } }

    expect(about({ queues: BILLING, policies })).toEqual([
      'policy-loses-derived at policies.short, the dead-letter queue "billing.x.dead" of queue "billing.x" queues.billing.x.deadLetter',
    ])
    expect(messages({ queues: BILLING, policies })).toEqual([
      'error: policy "short" also applies to the dead-letter queue "billing.x.dead" of queue "billing.x", and expires its dead letters after 1m',
    ])
  })

  it('is an error if retries wait shorter than declared, once for all of them', () => {
    const policies = { short: { pattern: '\\.retry\\.', definition: { 'message-ttl': 1_000 } } }

    expect(messages({ queues: BILLING, policies })).toEqual([
      'error: policy "short" also applies to the delay queue "billing.x.retry.5s" of queue "billing.x", and ends its delay of 5s after 1s',
      'error: policy "short" also applies to the delay queue "billing.x.retry.30s" of queue "billing.x", and ends its delay of 30s after 1s',
    ])
    const operatorPolicies = { gone: { pattern: 'retry', definition: { expires: 60_000 } } }
    expect(about({ queues: BILLING, operatorPolicies })).toEqual([
      'policy-loses-derived at operatorPolicies.gone, the delay queue "billing.x.retry.5s" of queue "billing.x" queues.billing.x.retry.delays.0, the delay queue "billing.x.retry.30s" of queue "billing.x" queues.billing.x.retry.delays.1',
    ])
  })

  it('is an error if the queue to which retries return expires, unless it is declared so', () => {
    const policies = { gone: { pattern: '^billing\\.x$', definition: { expires: 60_000 } } }
    const queues = { 'billing.x': { ...BILLING['billing.x'], expires: '1m' } }

    expect(messages({ queues: BILLING, policies })).toEqual([
      'error: policy "gone" also applies to the queue "billing.x", and deletes it with its messages when it is unused for 1m',
    ])
    expect(about({ queues, policies })).toEqual([])
    expect(about({ queues: { 'billing.x': { type: 'classic' } }, policies })).toEqual([])
  })

  it('is a warning if nothing is lost, for any derived object', () => {
    const superStreams = { s: { partitions: 1 } }
    const policies = { age: { pattern: '^s', definition: { 'max-age': '1h', 'alternate-exchange': 'lost' } } }

    expect(about({ superStreams, policies })).toEqual([
      'policy-changes-derived at policies.age, the partition "s-0" of super stream "s" superStreams.s',
      'policy-changes-derived at policies.age, the exchange "s" superStreams.s',
    ])
    const strict = { p: { pattern: 'dead$', definition: { 'dead-letter-exchange': 'elsewhere' } } }
    expect(messages({ queues: BILLING, policies: strict, exchanges: { elsewhere: { external: true } } })).toEqual([
      'warning: policy "p" also applies to the dead-letter queue "billing.x.dead" of queue "billing.x": dead-letter-exchange elsewhere',
    ])
  })

  it('is not reported if the declaration says the same, or if it only affects storage', () => {
    const queues: Sections['queues'] = { x: { type: 'classic', deadLetter: { messageTtl: '1m', maxLength: 5 } } }
    const of = (definition: Record<string, string | number>) =>
      about({ queues, policies: { p: { pattern: 'x', definition } } })

    expect(of({ 'message-ttl': 60_000, 'max-length': 9 })).toEqual([])
    expect(of({ 'queue-mode': 'lazy', 'ha-mode': 'all' })).toEqual([])
    expect(of({ 'message-ttl': 59_999 })).toHaveLength(1)
  })

  it('ignores external queues and a policy of lower priority', () => {
    const lossy = { pattern: '', definition: { 'message-ttl': 9 } }
    expect(
      about({ queues: { q: { type: 'classic', external: true, deadLetter: true } }, policies: { lossy } }),
    ).toEqual([])
    const own = { pattern: '\\.(dead|retry\\..*)$', priority: 1, definition: { 'queue-leader-locator': 'balanced' } }
    expect(about({ queues: BILLING, policies: { lossy, own } })).toEqual([])
  })

  it('is a warning if its pattern cannot be evaluated', () => {
    const policies = { p: { pattern: '(?i)^BILLING', definition: { expires: 9 } } }

    expect(new Set(about({ queues: BILLING, policies }).map((each) => each.split(' ')[0]))).toEqual(
      new Set(['policy-may-change-derived']),
    )
  })
})

describe('the policy of deadLetter', () => {
  const classic: Sections['queues'] = { q: { type: 'classic', deadLetter: { by: 'policy' } } }
  const policyOf = (sections: Sections) =>
    expanded(sections).topology.policies.find(({ name }) => name === 'q.failed')?.definition

  it('contains the keys of the declared policy that it displaces', () => {
    const definition = { 'max-length': 9, expires: 5, 'dead-letter-exchange': 'old', 'dead-letter-routing-key': 'old' }
    const exchanges = { old: { external: true } }
    const low = { pattern: '^q$', priority: 1, definition: { 'max-length-bytes': 5 } }

    expect(
      policyOf({ exchanges, queues: classic, policies: { p: { pattern: '^q$', priority: 2, definition }, low } }),
    ).toEqual({
      'max-length': 9,
      expires: 5,
      'dead-letter-exchange': 'q.failed',
      'dead-letter-routing-key': 'dead',
    })
    expect(policyOf({ queues: classic, policies: { other: low, p: { ...low, pattern: '^r' } } })).toMatchObject({
      'max-length-bytes': 5,
    })
  })

  it('keeps dead letters until they are confirmed, unless the displaced policy sets the overflow', () => {
    const queues: Sections['queues'] = { q: { type: 'quorum', deadLetter: { by: 'policy' } } }
    const with_ = (definition: Record<string, string | number>) =>
      policyOf({ queues, policies: { p: { pattern: '^q$', definition } } })

    expect(with_({ 'max-length': 9 })).toMatchObject({
      overflow: 'reject-publish',
      'dead-letter-strategy': 'at-least-once',
    })
    expect(with_({ 'max-length': 9, overflow: 'drop-head' })).toEqual({
      'max-length': 9,
      overflow: 'drop-head',
      'dead-letter-exchange': 'q.failed',
      'dead-letter-routing-key': 'dead',
    })
    const strict: Sections['queues'] = {
      q: { type: 'quorum', deadLetter: { by: 'policy', strategy: 'at-least-once' } },
    }
    expect(
      found({ queues: strict, policies: { p: { pattern: '^q$', definition: { overflow: 'drop-head' } } } }),
    ).toEqual(['at-least-once-impossible at queues.q.deadLetter.strategy'])
  })

  it('is refused if another policy would displace it, or if it is unknown which one it displaces', () => {
    const limit = { pattern: '^q$', definition: { 'max-length': 5 } }

    expect(about({ queues: classic, policies: { p: { ...limit, priority: 100 } } })).toEqual([
      'dead-letter-policy-outranked at queues.q.deadLetter.by, policy "p" policies.p',
    ])
    expect(about({ queues: classic, policies: { p: limit, r: limit } })).toEqual([
      'displaced-policies-tie at queues.q.deadLetter.by, policy "p" policies.p, policy "r" policies.r',
    ])
    expect(about({ queues: classic, policies: { p: { ...limit, pattern: '(?i)^Q$' } } })).toContain(
      'displaced-policy-uncertain at queues.q.deadLetter.by, policy "p" policies.p',
    )
  })
})
