import fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explainFinding } from '../../../src/diagnostics/findings/finding.ts'
import type { Desired } from '../../../src/model/desired.ts'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { compile } from '../../../src/desired/load/compiled-topology.ts'
import { folderWith } from './folder.ts'

async function load(files: Readonly<Record<string, string>>, overlays: readonly string[] = []) {
  const folder = await folderWith(files)
  const paths = Object.keys(files).filter((name) => !overlays.includes(name))
  const at = (names: readonly string[]) => names.map((name) => join(folder, name))
  return loadTopology({ paths: at(paths), overlays: at(overlays), environment: {} })
}

async function desiredOf(text: string): Promise<Desired> {
  const { desired, findings } = await load({ 't.yaml': text })
  if (desired === undefined) throw new Error(findings.map((each) => explainFinding(each).message).join('\n'))
  return desired
}

/** The descriptions of each object, by `kind name`. */
function said({ topology, routes, descriptions }: Desired): Record<string, unknown> {
  const objects = { ...topology, ...routes }
  return Object.fromEntries(
    Object.entries(objects).flatMap(([kind, list]) =>
      (list as readonly { name?: string; destination?: string; origin?: never }[]).map((each) => [
        `${kind} ${each.name ?? each.destination}`,
        descriptions?.of(each),
      ]),
    ),
  )
}

const DESCRIBED = `warren: 1
project: shop
description: All of the shop
labels: { owner: shop-team, tier: "1" }
vhost: { name: /shop, description: The broker knows this, labels: { tier: "0" } }
exchanges:
  events: { type: topic, description: What happened }
queues:
  email:
    type: quorum
    description: Mail to customers
    labels: { owner: mail-team }
    retry: { delays: [5s] }
    deadLetter: true
    bindings: [{ exchange: events, routingKey: mail, labels: { why: invoices } }]
  audit:
publications:
  send: { exchange: events, routingKey: mail, description: Sends one }
shovels:
  move: { src-uri: amqp://, src-queue: audit, dest-uri: amqp://, dest-queue: email }
---
warren: 1
project: shop
vhost: /other
queues: { plain: { labels: { owner: nobody } }, bare: {} }
`

describe('descriptions and labels', () => {
  it('apply to a declaration and its derived objects, with precedence over the header of its document', async () => {
    const all = { description: 'All of the shop', labels: { owner: 'shop-team', tier: '1' } }
    const mail = { description: 'Mail to customers', labels: { owner: 'mail-team', tier: '1' } }

    expect(said(await desiredOf(DESCRIBED))).toMatchObject({
      'vhosts /shop': { description: 'All of the shop', labels: { owner: 'shop-team', tier: '0' } },
      'exchanges events': { ...all, description: 'What happened' },
      'exchanges email.failed': mail,
      'queues email': mail,
      'queues email.dead': mail,
      'queues email.retry.5s': mail,
      'queues audit': all,
      'parameters move': all,
      'publications send': { ...all, description: 'Sends one' },
      'queues plain': { labels: { owner: 'nobody' } },
      'queues bare': {},
    })
  })

  it('apply to the bindings of a queue, which may add to them', async () => {
    const { topology, descriptions } = await desiredOf(DESCRIBED)
    const binding = topology.bindings.find(({ routingKey }) => routingKey === 'mail')

    expect(descriptions?.of(binding ?? {})).toEqual({
      description: 'Mail to customers',
      labels: { owner: 'mail-team', tier: '1', why: 'invoices' },
    })
  })

  it('can be set by an overlay', async () => {
    const overlay = 'queues: { audit: { labels: { owner: auditors } } }\nvhost: /shop\n'
    const { desired } = await load({ 't.yaml': DESCRIBED, 'o.yaml': overlay }, ['o.yaml'])

    expect(desired && said(desired)['queues audit']).toEqual({
      description: 'All of the shop',
      labels: { owner: 'auditors', tier: '1' },
    })
  })

  it.each([
    ['description: [a]\n', '3:14 description: expected text, found a list'],
    ['labels: [a]\n', '3:9 labels: expected a table of strings by name, found a list'],
    ['labels: { tier: 1 }\n', '3:17 tier: expected text, found the number 1'],
    ['queues: { a: { labels: { tier: 1 } } }\n', '3:32 tier: expected text, found the number 1'],
    ['queues: { a: { description: } }\n', '3:16 description: expected text, found nothing'],
  ])('are checked: %j', async (text, message) => {
    const { findings } = await load({ 't.yaml': `warren: 1\nproject: shop\n${text}` })

    expect(
      findings.map((each) => `${each.location?.line}:${each.location?.column} ${explainFinding(each).message}`),
    ).toEqual([message])
  })

  it('change neither the topology nor the compiled one', async () => {
    const { descriptions: _, ...plain } = withoutOrigins(await desiredOf(topologyWith('', '')))
    // warren may refuse a string with a reference.
    const text = fc.string().filter((each) => !each.includes('${'))
    await fc.assert(
      fc.asyncProperty(text, fc.dictionary(text, text), async (description, labels) => {
        const about = `description: ${JSON.stringify(description)}, labels: ${JSON.stringify(labels)}`
        const desired = await desiredOf(topologyWith(`{ ${about} }`, about))
        const { descriptions: said, ...rest } = withoutOrigins(desired)
        expect(said).toBeDefined()
        expect(rest).toEqual(plain)
        expect(compile(desired)).toBe(compile(await desiredOf(topologyWith('', ''))))
      }),
      { numRuns: 30 },
    )
  })
})

/**
 * A topology with every kind of table that accepts descriptions. `header` is a table to merge, `about` is inserted
 * into tables.
 */
function topologyWith(header: string, about: string): string {
  const and = about === '' ? '' : `, ${about}`
  const own = header === '' ? '' : `${about.replace(/, labels: /, '\nlabels: ')}\n`
  return `warren: 1
project: shop
${own}exchanges:
  events: { type: topic${and} }
queues:
  email: { type: quorum, retry: { delays: [5s] }, deadLetter: true, bindings: [{ exchange: events, routingKey: a${and} }]${and} }
bindings:
  - { source: events, destination: { queue: email }, routingKey: b${and} }
users:
  worker: { tags: [monitoring]${and} }
publications:
  send: { exchange: events, routingKey: a${and} }
subscriptions:
  mails: { queue: email${and} }
policies:
  limit: { pattern: x, definition: { max-length: 5 }${and} }
operatorPolicies:
  limit: { pattern: x, definition: { max-length: 5 }${and} }
superStreams:
  stream: { partitions: 2${and} }
`
}

function withoutOrigins(value: Desired): Desired {
  const { descriptions } = value
  const text = JSON.stringify(value, (key, each: unknown) => (key === 'origin' ? undefined : each))
  return { ...(JSON.parse(text) as Desired), ...(descriptions && { descriptions }) }
}
