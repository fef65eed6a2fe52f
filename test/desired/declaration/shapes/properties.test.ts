/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import fc from 'fast-check'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { loadTopology } from '../../../../src/desired/load/load-topology.ts'
import { Places } from '../../../../src/desired/source/places.ts'
import { meaningOf } from '../../../operations/files/rendering.ts'
import { randomCases } from '../../../thorough.ts'
import { folderWith } from '../../load/folder.ts'

type Properties = Readonly<Record<string, unknown>>

const HEAD = { warren: 1, project: 'shop', vhost: '/shop' }

/** Some properties of a queue, each of which replaces an inherited one as a whole. */
const arbitraryProperties: fc.Arbitrary<Properties> = fc.record(
  {
    maxLength: fc.integer({ min: 1, max: 9 }),
    maxLengthBytes: fc.integer({ min: 1, max: 9 }),
    overflow: fc.constantFrom('drop-head', 'reject-publish'),
    messageTtl: fc.constantFrom('1s', '2s', '3s'),
    singleActiveConsumer: fc.boolean(),
    retry: fc.constantFrom({ delays: ['5s'], then: 'discard' }, { delays: ['1s', '2s'], then: 'discard' }),
  },
  { requiredKeys: [] },
)

describe('any defaults and templates', () => {
  it('mean the same as the properties written out, with precedence for later templates and for the queue', async () => {
    const path = join(await folderWith({}), 't.json')
    const meaning = async (document: object): Promise<string> => {
      await writeFile(path, JSON.stringify({ ...HEAD, ...document }))
      return meaningOf({ paths: [path] })
    }
    await fc.assert(
      fc.asyncProperty(
        arbitraryProperties,
        fc.array(
          arbitraryProperties.filter((each) => Object.keys(each).length > 0),
          { maxLength: 4 },
        ),
        arbitraryProperties,
        async (defaults, shapes, own) => {
          const names = shapes.map((_, index) => `t${index}`)
          const short = await meaning({
            defaults: { queues: { type: 'quorum', ...defaults } },
            templates: Object.fromEntries(names.map((name, index) => [name, { queues: shapes[index] }])),
            queues: { q: { ...own, ...(names.length > 0 && { template: names }) } },
          })
          const all = [defaults, ...shapes, own].reduce<Properties>((merged, each) => ({ ...merged, ...each }), {})
          expect(short).toBe(await meaning({ queues: { q: { type: 'quorum', ...all } } }))
        },
      ),
      { numRuns: randomCases(25, 250) },
    )
  })
})

describe('values', () => {
  it('are not expanded again', async () => {
    const path = join(await folderWith({}), 't.json')
    const parts = fc.constantFrom('${env:HOME}', '${var:other}', '${vhost}', '${tenant}', '$${', '${', '}', 'a', '$')
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { minLength: 1, maxLength: 5 }), async (texts) => {
        const text = texts.join('')
        const queues = { q: { arguments: { 'x-note': '${var:text}' } } }
        await writeFile(path, JSON.stringify({ ...HEAD, forEach: { tenant: ['acme'] }, vhost: '${tenant}', queues }))
        const { desired } = await loadTopology({
          paths: [path],
          variables: { text },
          inEnvironment: { name: 'test', variables: { other: 'no' }, vhosts: {} },
          environment: { HOME: 'no' },
        })

        expect(desired?.topology.queues[0]?.arguments).toEqual({ 'x-note': text })
      }),
      { numRuns: randomCases(40, 400) },
    )
  })
})

describe('the cost of repeated documents', () => {
  it('is proportional to the size of the result', async () => {
    const path = join(await folderWith({}), 't.json')
    const workFor = async (tenants: number): Promise<number> => {
      const names = Array.from({ length: tenants }, (_, index) => `tenant-${index}`)
      const queues = { '${region}.orders': { forEach: { region: ['eu', 'us'] }, template: ['worker'] }, audit: {} }
      const templates = {
        worker: { queues: { type: 'quorum', retry: { delays: ['5s'], then: 'discard' }, maxLength: 5 } },
      }
      const document = { ...HEAD, forEach: { tenant: names }, vhost: '${tenant}', templates, queues }
      await writeFile(path, JSON.stringify(document))
      const spies = (['record', 'recordCopy', 'recordSpots', 'spot', 'spots', 'own'] as const).map((method) =>
        vi.spyOn(Places.prototype, method),
      )
      const { desired, findings } = await loadTopology({ paths: [path], environment: {} })
      expect(findings).toEqual([])
      const calls = spies.reduce((total, spy) => total + spy.mock.calls.length, 0)
      for (const spy of spies) spy.mockRestore()
      expect(desired?.topology.vhosts.length).toBe(tenants)
      return calls
    }
    const [some, twice, more] = [await workFor(20), await workFor(40), await workFor(160)]

    expect(twice / some).toBeLessThan(2.1)
    expect(more / twice).toBeLessThan(4.1)
  })
})
