import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, asyncProperty } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explainFinding as sentenceOf, hasErrors } from '../../../src/diagnostics/findings/finding.ts'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { damagedTopology } from '../../builders/hostile-yaml.ts'
import { randomCases } from '../../thorough.ts'

let path: string

beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'mistakes-')), 't.yaml')
})

afterAll(async () => {
  await rm(join(path, '..'), { recursive: true })
})

/** Position, code and message of the findings, in the order of positions. */
async function findingsIn(text: string): Promise<string[]> {
  await writeFile(path, text)
  const { findings } = await loadTopology({ paths: [path], environment: {} })
  return findings
    .toSorted((a, b) => (a.location?.line ?? 0) - (b.location?.line ?? 0))
    .map((found) => `${found.location?.line}:${found.location?.column} ${found.code}: ${sentenceOf(found).message}`)
}

describe('a file with ten different mistakes', () => {
  it('gets ten findings together, from all stages', async () => {
    expect(
      await findingsIn(`warren: 1
project: shop
vhost: /shop

exchanges:
  tasks: { type: direct, durble: true }
  events: { type: topic }
  events: { type: fanout }

queues:
  email:
    type: qorum
    messageTtl: 5 seconds
    bindings:
      - { exchange: evnts, routingKey: "a.#" }
      - { exchange: events, routingKey: 1.10 }
      - exchange: events
        routingKey: #.foo
    retry: { delays: [5s] }
    deadLetter: true
  sound:
    type: quorum
    maxAge: 5d

subscriptions:
  emails: { queue: emial }
  dead: { queue: email.dead }

users:
  worker: { can: { consume: [emial] } }
`),
    ).toEqual([
      '6:26 unknown-key: unknown key "durble"',
      '8:3 duplicate-key: the key "events" appears twice in the same table',
      '12:11 wrong-value: type: expected one of classic, quorum, stream, found the text "qorum"',
      '13:17 wrong-value: messageTtl: expected a duration such as 5s, 30m, or a whole number of milliseconds, found the text "5 seconds"',
      '15:21 unknown-exchange: exchange "evnts" is not declared in vhost "/shop"',
      '16:41 wrong-value: routingKey: expected text of at most 255 bytes, found the number 1.10',
      '18:9 wrong-value: routingKey: expected text of at most 255 bytes, found nothing',
      '23:5 property-not-of-type: a quorum queue has no maxAge',
      '26:20 unknown-queue: queue "emial" is not declared in vhost "/shop"',
      '30:30 unknown-route: subscription "emial" is not declared in vhost "/shop"',
    ])
  })
})

describe('any damaged file', () => {
  it('is loaded or refused, and never fails', async () => {
    await assert(
      asyncProperty(damagedTopology, async (text) => {
        await writeFile(path, text)
        const { desired, findings } = await loadTopology({ paths: [path], environment: {} })

        expect(desired === undefined).toBe(hasErrors(findings))
      }),
      { numRuns: randomCases(50, 150) },
    )
  })
})
