import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { formatPlan } from '../../../src/render/formats/format-plan.ts'
import { planText } from '../../../src/render/text/plan-text.ts'
import { styleFor } from '../../../src/render/words/style.ts'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

const at = (line: number) => ({ origin: { file: 'topologies/billing.yaml', line, column: 3 } })
const LONG = 'invoices-of-all-customers-who-pay-by-direct-debit-in-the-first-week-of-a-month'

const desired = topology({
  exchanges: [exchange('events', { type: 'topic', ...at(4) })],
  queues: [
    queue('orders', {
      arguments: { 'x-max-length': 10, 'x-overflow': 'reject-publish', 'x-message-ttl': 60_000 },
      ...at(31),
    }),
    queue(LONG, { type: 'quorum', ...at(35) }),
  ],
  bindings: [binding('events', LONG, { routingKey: 'invoice.#', ...at(36) })],
})
const plan = planOf(topology({}), desired)

/** The part of a plan below the title of its vhost. */
function changes(text: string): string[] {
  return text.split('\n\n')[1]?.split('\n').slice(1) ?? []
}

describe('a plan on a terminal', () => {
  it('gives long names the space of a wide terminal, and aligns summaries and places', () => {
    expect(changes(planText(plan, styleFor(false, 160)))).toMatchInlineSnapshot(`
      [
        "  + exchange events                                                                                     topic, durable            topologies/billing.yaml:4:3",
        "  + queue    invoices-of-all-customers-who-pay-by-direct-debit-in-the-first-week-of-a-month             quorum, durable           topologies/billing.yaml:35:3",
        "  + queue    orders                                                                                     classic, durable          topologies/billing.yaml:31:3",
        "      x-max-length 10, x-message-ttl 60000, x-overflow reject-publish",
        "  + binding  events -> invoices-of-all-customers-who-pay-by-direct-debit-in-the-first-week-of-a-month [invoice.#]                 topologies/billing.yaml:36:3",
      ]
    `)
  })

  it('puts the rest of a change below a name that is too long for a narrow one', () => {
    expect(changes(planText(plan, styleFor(false, 90)))).toMatchInlineSnapshot(`
      [
        "  + exchange events               topic, durable            topologies/billing.yaml:4:3",
        "  + queue    invoices-of-all-customers-who-pay-by-direct-debit-in-the-first-week-of-a-month",
        "                                  quorum, durable           topologies/billing.yaml:35:3",
        "  + queue    orders               classic, durable          topologies/billing.yaml:31:3",
        "      x-max-length 10, x-message-ttl 60000, x-overflow reject-publish",
        "  + binding  events -> invoices-of-all-customers-who-pay-by-direct-debit-in-the-first-week-of-a-month [invoice.#]",
        "                                                            topologies/billing.yaml:36:3",
      ]
    `)
  })

  it.each([60, 80, 100, 120, 200])('has no line of a change beyond its %i columns, except for names alone', (width) => {
    const lines = changes(planText(plan, styleFor(true, width))).map(stripVTControlCharacters)

    expect(
      lines.filter((line) => line.length > width && !line.endsWith(LONG) && !line.endsWith('[invoice.#]')),
    ).toEqual([])
    expect(lines.filter((line) => line.endsWith(':3')).length).toBe(4)
  })

  it('has the same columns as other outputs if it is as wide as they are', () => {
    const short = planOf(topology({}), topology({ queues: [queue('orders', at(31))] }))

    expect(planText(short, styleFor(false, 120))).toBe(planText(short, styleFor(false)))
  })
})

describe('a plan that is not for a terminal', () => {
  it('has one line for the names and places of a change, at fixed columns', () => {
    expect(changes(planText(plan, styleFor(false)))).toMatchInlineSnapshot(`
      [
        "  + exchange events                                     topic, durable            topologies/billing.yaml:4:3",
        "  + queue    invoices-of-all-customers-who-pay-by-direct-debit-in-the-first-week-of-a-month  quorum, durable  topologies/billing.yaml:35:3",
        "  + queue    orders                                     classic, durable          topologies/billing.yaml:31:3",
        "      x-max-length 10, x-message-ttl 60000, x-overflow reject-publish",
        "  + binding  events -> invoices-of-all-customers-who-pay-by-direct-debit-in-the-first-week-of-a-month [invoice.#]  topologies/billing.yaml:36:3",
      ]
    `)
  })

  it('is what formatPlan returns, unless it is given a width', () => {
    expect(formatPlan(plan)).toBe(planText(plan, styleFor(false)))
    expect(formatPlan(plan, { width: 90 })).toBe(planText(plan, styleFor(false, 90)))
  })
})
