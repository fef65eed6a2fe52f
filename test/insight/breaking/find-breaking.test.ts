import { describe, expect, it } from 'vitest'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { findBreaking } from '../../../src/insight/breaking/find-breaking.ts'
import { loadSchemaComparison } from '../../../src/insight/breaking/schemas/compare-schemas.ts'
import type { OtherProject } from '../../../src/insight/breaking/version.ts'
import { NEWEST_VERSION } from '../../../src/model/broker-version.ts'
import type { Desired } from '../../../src/model/desired.ts'
import { BEFORE, CHANGES, type Change } from './changes.ts'

const INVOICE = 'test/insight/breaking/messages/invoice.json'
const WITHOUT_ID = 'test/insight/breaking/messages/invoice-without-id.json'

const compare = await loadSchemaComparison()

async function loaded(text: string): Promise<Desired> {
  const { desired, findings } = await loadTopology({
    paths: ['-'],
    environment: {},
    standardInput: () => Promise.resolve(Buffer.from(text)),
  })
  if (desired === undefined) throw new Error(JSON.stringify(findings))
  return desired
}

function edited(edit: Change['edit']): string {
  return edit.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the topology has no ${from}`)
    return text.replace(from, () => to)
  }, BEFORE)
}

const before = await loaded(BEFORE)

async function found(edit: Change['edit'], others: readonly OtherProject[] = []) {
  return findBreaking(
    { old: before, current: await loaded(edited(edit)), others, brokerVersion: NEWEST_VERSION },
    compare,
  )
}

async function other(text: string): Promise<OtherProject> {
  const { project, topology, routes } = await loaded(text)
  return { project, topology, routes }
}

describe('the table of changes', () => {
  it('has 22 breaking, 11 risky and 10 safe changes', () => {
    const count = (kind: Change['class']) => CHANGES.filter((each) => each.class === kind).length

    expect([count('breaking'), count('risky'), count('safe')]).toEqual([22, 11, 10])
  })

  it.each(CHANGES)('calls it $class when $title', async ({ edit, rule, address, class: expected }) => {
    const findings = await found(edit)

    expect(findings.map((each) => `${each.class} ${each.rule} ${each.address}`)).toContain(
      `${expected} ${rule} ${address}`,
    )
    // The worst of all findings decides the exit code.
    expect(findings[0]?.class).toBe(expected)
    const ids = findings.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => id.includes('='))).toEqual([])
  })
})

describe('the findings', () => {
  it('are none for equal versions', async () => {
    expect(await found([])).toEqual([])
  })

  it('ignore an argument that the broker does not compare', async () => {
    expect(await found([['maxPriority: 5', 'maxPriority: 5, arguments: { note: new }']])).toEqual([])
  })

  it('have stable ids, which name the rule and the object', async () => {
    const [first] = await found([['maxPriority: 5', 'maxPriority: 3']])

    expect(first?.id).toBe('queue-redeclared:shop/work')
  })

  it('are about schemas of subscriptions that a publication reaches, not about those of other queues', async () => {
    const withoutSchema = BEFORE.replace(`queue: billing, message: { schema: ${INVOICE} }`, 'queue: billing')
    const stricter = (from: string) =>
      from.replace(`invoice.paid, message: { schema: ${INVOICE} }`, `invoice.paid, message: { schema: ${WITHOUT_ID} }`)
    const tolerant = BEFORE.replace(
      `queue: billing, message: { schema: ${INVOICE} }`,
      `queue: billing, message: { schema: ${WITHOUT_ID} }`,
    ).replace('auditor: { queue: audit,', `auditor: { queue: audit, message: { schema: ${WITHOUT_ID} },`)
    const classOf = async (from: string) => {
      const findings = findBreaking(
        { old: await loaded(from), current: await loaded(stricter(from)), brokerVersion: NEWEST_VERSION },
        compare,
      )
      return findings.map((each) => `${each.class} ${each.rule} ${each.address}`)
    }

    expect(await classOf(withoutSchema)).toEqual(['breaking message-refused publication:shop/invoice-paid'])
    expect(await classOf(tolerant)).toEqual(['safe message-compatible publication:shop/invoice-paid'])
  })

  it('follow the versions of messages: a new one is safe once all consumers accept it', async () => {
    const versioned = (text: string, sent: string, accepted: string) =>
      text
        .replace(`invoice.paid, message: { schema: ${INVOICE} }`, `invoice.paid, message: { ${sent} }`)
        .replace(`queue: billing, message: { schema: ${INVOICE} }`, `queue: billing, message: { ${accepted} }`)
    const classesOf = async (from: readonly [string, string], to: readonly [string, string]) => {
      const [old, current] = [await loaded(versioned(BEFORE, ...from)), await loaded(versioned(BEFORE, ...to))]
      const findings = findBreaking({ old, current, brokerVersion: NEWEST_VERSION }, compare)
      return findings.map((each) => `${each.class} ${each.rule} ${each.address}`)
    }
    const [sent1, sent2] = [`schema: ${WITHOUT_ID}`, `schema: ${INVOICE}, version: 2`]
    const only1 = `schema: ${WITHOUT_ID}, accepts: [1]`
    const both = `schema: ${INVOICE}, accepts: [1, 2]`
    const only2 = `schema: ${INVOICE}, accepts: [2]`

    expect(await classesOf([sent1, only1], [sent1, both])).toEqual([
      'safe message-compatible subscription:shop/invoices',
    ])
    expect(await classesOf([sent1, both], [sent2, both])).toEqual([
      'safe message-compatible publication:shop/invoice-paid',
    ])
    expect(await classesOf([sent2, both], [sent2, only2])).toEqual([
      'safe message-compatible subscription:shop/invoices',
    ])
    expect(await classesOf([sent1, only1], [sent2, both])).toEqual([
      'breaking message-version-refused publication:shop/invoice-paid',
      'safe message-compatible subscription:shop/invoices',
    ])
    expect(await classesOf([sent1, both], [sent1, only2])).toEqual([
      'breaking message-version-refused subscription:shop/invoices',
    ])
    // The schema of an older version is compared with what publishers of this version send.
    const older = (path: string) => `${both}, schemas: { 1: ${path} }`
    expect(await classesOf([sent1, both], [sent1, older(WITHOUT_ID)])).toEqual([
      'safe message-compatible subscription:shop/invoices',
    ])
    expect(await classesOf([sent1, both], [sent1, older(INVOICE)])).toEqual([
      'breaking message-refused subscription:shop/invoices',
    ])
  })

  it('are the messages of an added publication that existing consumers refuse', async () => {
    const added = (rule: string) =>
      `publications:\n  paid-again: { exchange: events, routingKey: invoice.again${rule} }\n`
    const rulesOf = async (rule: string, accepted = `schema: ${INVOICE}, accepts: [1, 2]`) => {
      const old = BEFORE.replace(
        `queue: billing, message: { schema: ${INVOICE} }`,
        `queue: billing, message: { ${accepted} }`,
      )
      const current = await loaded(old.replace('publications:\n', added(rule)))
      const findings = findBreaking({ old: await loaded(old), current, brokerVersion: NEWEST_VERSION }, compare)
      return findings.map((each) => `${each.class} ${each.rule}`)
    }

    expect(await rulesOf(', message: { version: 3 }')).toEqual([
      'breaking message-version-refused',
      'safe publication-added',
    ])
    expect(await rulesOf(`, message: { schema: ${WITHOUT_ID}, version: 2 }`)).toEqual([
      'breaking message-refused',
      'safe publication-added',
    ])
    expect(await rulesOf(`, message: { schema: ${INVOICE}, version: 2 }`)).toEqual(['safe publication-added'])
    expect(await rulesOf('')).toEqual(['safe publication-added'])
    expect(await rulesOf('', 'accepts: [2]')).toEqual(['breaking message-version-refused', 'safe publication-added'])
  })

  it('compare a new schema of a subscription with what publishers send, not with all that the old one accepted', async () => {
    const lenient = BEFORE.replace(
      `queue: billing, message: { schema: ${INVOICE} }`,
      `queue: billing, message: { schema: ${WITHOUT_ID} }`,
    )
    const findings = findBreaking(
      { old: await loaded(lenient), current: before, brokerVersion: NEWEST_VERSION },
      compare,
    )

    expect(findings.map(({ id, class: kind }) => [kind, id])).toEqual([['safe', 'message-compatible:shop/invoices']])
  })

  it('find a routing key that a topic permission takes from a user who publishes with it', async () => {
    const limited = (write: string) => {
      const rights = `read: '^work$' }, topicPermissions: { events: { write: '${write}' } } }`
      return BEFORE.replace("read: '^work$' } }", () => rights)
    }
    const idsFrom = async (from: string, to: string) =>
      findBreaking({ old: await loaded(from), current: await loaded(to), brokerVersion: NEWEST_VERSION }, compare).map(
        (each) => `${each.class} ${each.id}`,
      )

    expect(await idsFrom(BEFORE, limited('^order'))).toContain('breaking rights-lost:shop/shipping/events/write')
    expect(await idsFrom(limited('^(order|invoice)'), limited('^(order|invoice|never)'))).toEqual([
      'risky rights-narrowed:shop/shipping/events/write',
    ])
  })

  it('name the projects that use a removed object', async () => {
    const shipping = await other(
      `warren: 1\nproject: shipping\nvhost: shop\nqueues: { spare: { external: true } }\nsubscriptions: { spares: { queue: spare, onFailure: stop } }\n`,
    )
    const [first] = await found([['  spare: { type: classic }\n', '']], [shipping])

    expect(first).toMatchObject({
      class: 'breaking',
      rule: 'queue-removed',
      usedBy: ['shipping (spares)'],
      reason: 'the queue is removed, and shipping (spares) consumes it',
    })
  })

  it('report that a publication of another project reaches fewer queues', async () => {
    const shipping = await other(
      `warren: 1\nproject: shipping\nvhost: shop\nexchanges: { events: { type: topic, external: true } }\npublications: { shipped: { exchange: events, routingKey: parcel.shipped } }\n`,
    )
    const findings = await found(
      [["[{ exchange: events, routingKey: '#' }]", "[{ exchange: events, routingKey: 'invoice.#' }]"]],
      [shipping],
    )

    expect(findings.find(({ usedBy }) => usedBy?.includes('shipping'))).toMatchObject({
      class: 'breaking',
      id: 'publication-reaches-fewer:shop/shipped/shipping',
      reason: 'it no longer reaches "audit", and reaches no queue at all',
    })
  })

  it('compare versions of messages with the routes of other projects', async () => {
    const of = (routes: string) =>
      other(
        `warren: 1\nproject: archive\nvhost: shop\nexchanges: { events: { external: true } }\nqueues: { audit: { external: true } }\n${routes}\n`,
      )
    const reader = await of('subscriptions: { all: { queue: audit, message: { accepts: [1] }, onFailure: stop } }')
    const sender = await of('publications: { old: { exchange: events, routingKey: invoice.old } }')
    const raised = [`message: { schema: ${INVOICE} }`, `message: { schema: ${INVOICE}, version: 2 }`] as const
    const only2 = [
      `queue: billing, message: { schema: ${INVOICE} }`,
      `queue: billing, message: { schema: ${INVOICE}, accepts: [2] }`,
    ] as const
    const refusals = async (edit: readonly [string, string], project: OtherProject) =>
      (await found([edit], [project])).flatMap(({ rule, reason }) =>
        rule === 'message-version-refused' ? [reason] : [],
      )

    expect(await refusals(raised, reader)).toEqual([
      'new publishers may send a message that consumers of the old version refuse: version 2',
    ])
    expect(await refusals(only2, sender)).toEqual([
      'old publishers may have sent a message that the new version refuses: version 1',
    ])
    expect(await refusals(raised, sender)).toEqual([])
  })

  it('try the words of changed bindings for the parameters of a publication', async () => {
    const withCountry = BEFORE.replace(
      'spare: { type: classic }',
      "spare: { type: classic, bindings: [{ exchange: events, routingKey: 'order.de' }] }",
    )
    const findings = findBreaking(
      { old: await loaded(withCountry), current: before, brokerVersion: NEWEST_VERSION },
      compare,
    )

    expect(findings[0]).toMatchObject({
      rule: 'publication-reaches-fewer',
      address: 'publication:shop/order-placed',
      reason: 'it no longer reaches "spare"',
    })
  })

  it('leave out policies, users and routes that a version does not contain', async () => {
    const { topology, routes } = before
    const old = {
      topology: { ...topology, policies: [], users: [], permissions: [] },
      routes,
      lacks: ['policies', 'users'] as const,
    }

    expect(findBreaking({ old, current: before, brokerVersion: NEWEST_VERSION }, compare)).toEqual([])
  })
})
