import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { explainFinding } from '../../../src/diagnostics/findings/finding.ts'
import { judgeWarnings, type Judgement } from '../../../src/insight/lint/judge-warnings.ts'
import type { LintSettings } from '../../../src/insight/lint/lint-settings.ts'
import { files } from '../../integration/support/command-line.ts'

async function load(text: string) {
  const path = join(await files({}), 'topology.yaml')
  await writeFile(path, `warren: 1\nvhost: shop\n${text}`)
  return loadTopology({ paths: [path], environment: {} })
}

/** The severities and codes of the remaining warnings about a string. */
async function judged(text: string, { others = [], ...judgement }: Omit<Judgement, 'others'> & { others?: string[] }) {
  const projects = (await Promise.all(others.map(load))).flatMap(({ desired }) => desired ?? [])
  expect(projects).toHaveLength(others.length)
  const loaded = await load(text)
  expect(loaded.desired).toBeDefined()
  return judgeWarnings(loaded, { ...judgement, others: projects }).map(
    (each) => `${explainFinding(each).severity} ${each.code}`,
  )
}

const rules = (rule: string, severity: 'error' | 'warning' | 'off'): LintSettings => ({
  rules: { [rule]: { severity, options: {} } },
  ignore: [],
})

const UNROUTABLE = `project: a
exchanges: { events: { type: topic, alternateExchange: rest }, rest: { type: fanout } }
queues: { orders: { type: classic, bindings: [{ exchange: events, routingKey: orders }] } }
`
const CODE = 'alternate-exchange-reaches-nothing'
const RULE = 'alternate-exchange-leads-nowhere'

describe('judgeWarnings', () => {
  it('leaves a warning unchanged without settings', async () => {
    expect(await judged(UNROUTABLE, {})).toEqual([`warning ${CODE}`])
  })

  it('leaves out warnings of a rule that is off, and takes the severity of the settings', async () => {
    expect(await judged(UNROUTABLE, { settings: rules(RULE, 'off') })).toEqual([])
    expect(await judged(UNROUTABLE, { settings: rules(RULE, 'error') })).toEqual([`error ${CODE}`])
    expect(await judged(UNROUTABLE, { settings: rules('queue-not-consumed', 'off') })).toEqual([`warning ${CODE}`])
  })

  it('leaves out a warning that a comment accepts with a reason', async () => {
    const commented = (comment: string) => judged(UNROUTABLE.replace('exchanges:', `${comment}\nexchanges:`), {})

    expect(await commented(`# warren-ignore ${RULE}: bound elsewhere`)).toEqual([])
    expect(await commented(`# warren-ignore ${RULE}`)).toEqual([`warning ${CODE}`])
    expect(await commented('# warren-ignore queue-not-consumed: why')).toEqual([`warning ${CODE}`])
  })

  it('leaves out a warning about an object whose address the config accepts', async () => {
    const accepting = (address: string) =>
      judged(UNROUTABLE, { settings: { rules: {}, ignore: [{ rule: RULE, address, reason: 'known' }] } })

    expect(await accepting('exchange:shop/events')).toEqual([])
    expect(await accepting('exchange:shop/rest')).toEqual([`warning ${CODE}`])
  })

  it.each([
    {
      what: 'binds a queue to an alternate exchange',
      text: UNROUTABLE,
      other: `project: b
exchanges: { rest: { external: true, type: fanout } }
queues: { unroutable: { type: classic, bindings: [{ exchange: rest }] } }
`,
      unlike: 'project: b\nqueues: { unroutable: { type: classic } }\n',
      code: CODE,
    },
    {
      what: 'declares an alternate exchange',
      text: `project: a
exchanges: { events: { type: topic, arguments: { alternate-exchange: rest } } }
queues: { orders: { type: classic, bindings: [{ exchange: events, routingKey: orders }] } }
`,
      other: `project: b
exchanges: { rest: { type: fanout } }
queues: { unroutable: { type: classic, bindings: [{ exchange: rest }] } }
`,
      unlike: 'project: b\nexchanges: { other: { type: fanout } }\n',
      code: 'alternate-exchange-unknown',
    },
    {
      what: 'declares a dead-letter exchange',
      text: 'project: a\nqueues: { orders: { type: classic, arguments: { x-dead-letter-exchange: dead } } }\n',
      other: `project: b
exchanges: { dead: { type: fanout } }
queues: { dead: { type: classic, bindings: [{ exchange: dead }] } }
`,
      unlike: 'project: b\nexchanges: { other: { type: fanout } }\n',
      code: 'dead-letter-exchange-unknown',
    },
    {
      what: 'declares the queue of dead letters',
      text: `project: a
queues: { orders: { type: classic, arguments: { x-dead-letter-exchange: '', x-dead-letter-routing-key: dead } } }
`,
      other: 'project: b\nqueues: { dead: { type: classic } }\n',
      unlike: 'project: b\nqueues: { other: { type: classic } }\n',
      code: 'dead-letters-reach-nothing',
    },
    {
      what: 'binds a queue for dead letters that keep their keys',
      text: `project: a
exchanges: { dead: { type: topic } }
queues: { orders: { type: classic, arguments: { x-dead-letter-exchange: dead } } }
`,
      other: `project: b
exchanges: { dead: { external: true, type: topic } }
queues: { dead: { type: classic, bindings: [{ exchange: dead, routingKey: '#' }] } }
`,
      unlike: 'project: b\nqueues: { dead: { type: classic } }\n',
      code: 'dead-letters-reach-nothing',
    },
    {
      what: 'binds a queue for a publication',
      text: `project: a
exchanges: { events: { type: topic } }
publications: { order: { exchange: events, routingKey: order.placed } }
`,
      other: `project: b
exchanges: { events: { external: true, type: topic } }
queues: { orders: { type: classic, bindings: [{ exchange: events, routingKey: 'order.*' }] } }
`,
      unlike: `project: b
exchanges: { events: { external: true, type: topic } }
queues: { orders: { type: classic, bindings: [{ exchange: events, routingKey: 'invoice.*' }] } }
`,
      code: 'publication-reaches-nothing',
    },
  ])('leaves out a warning where another project of the run $what', async ({ text, other, unlike, code }) => {
    expect(await judged(text, {})).toContain(`warning ${code}`)
    expect(await judged(text, { others: [unlike] })).toContain(`warning ${code}`)
    expect(await judged(text, { others: [other] })).not.toContain(`warning ${code}`)
  })
})
