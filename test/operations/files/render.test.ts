import fc from 'fast-check'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { format } from '../../../src/operations/files/format.ts'
import { render } from '../../../src/operations/files/render.ts'
import { arbitraryShapes } from '../../builders/arbitrary/arbitrary-shapes.ts'
import { arbitraryYaml } from '../../builders/arbitrary/arbitrary-yaml.ts'
import { folderWith } from '../../desired/load/folder.ts'
import { command } from '../../integration/support/command-in-process.ts'
import { THOROUGH } from '../../thorough.ts'
import { digestOfFiles, meaningOf, refusalOf, renderedTo } from './rendering.ts'

const TOPOLOGIES = join(import.meta.dirname, '../../../topologies')
const HEAD = 'warren: 1\nproject: shop\n'

describe('render', () => {
  it.each([
    ['documents', arbitraryYaml],
    ['repeated documents with templates', arbitraryShapes.map((document) => JSON.stringify(document))],
  ])('prints any %s as a topology that means the same, in the form of warren fmt', async (_name, arbitrary) => {
    const folder = await folderWith({})
    const path = join(folder, 't.yaml')
    const rendered = join(folder, 'rendered.yaml')
    await fc.assert(
      fc.asyncProperty(arbitrary, async (text) => {
        await writeFile(path, text)
        const first = await renderedTo(rendered, { paths: [path] })
        expect(await meaningOf({ paths: [rendered] })).toBe(await meaningOf({ paths: [path] }))
        expect(format(first)).toBe(first)
      }),
      { numRuns: 25 * THOROUGH },
    )
  })

  it('prints each example as a topology that means the same', async () => {
    const rendered = join(await folderWith({}), 'rendered.yaml')
    const seen: string[] = []
    for (const file of await readdir(TOPOLOGIES, { recursive: true })) {
      const path = join(TOPOLOGIES, file)
      // Templates and overlays are not topologies by themselves.
      if (!file.endsWith('.yaml') || (await loadTopology({ paths: [path], environment: {} })).desired === undefined)
        continue
      seen.push(file)
      await renderedTo(rendered, { paths: [path] })
      expect(await meaningOf({ paths: [rendered] })).toBe(await meaningOf({ paths: [path] }))
    }
    expect(seen).toEqual(expect.arrayContaining(['environments.yaml', join('repeated', 'tenants.yaml')]))
    expect(seen.length).toBeGreaterThanOrEqual(11)
  })

  it('names the line of each object, its templates, its instance and the overlays that change it', async () => {
    const folder = await folderWith({
      'shop.yaml': `${HEAD}forEach: { tenant: [acme] }
vhost: '\${tenant}'
defaults: { queues: { type: quorum } }
templates: { worker: { queues: { maxLength: 5 } } }
queues:
  orders: { template: [worker] }
exchanges: { events: }
`,
      'prod.yaml': 'queues: { orders: { maxLength: 9 } }\n',
    })
    const { text } = await render({ paths: [join(folder, 'shop.yaml')], overlays: [join(folder, 'prod.yaml')] })

    expect(text.replaceAll(`${folder}/`, '')).toBe(`warren: 1
project: shop
vhost: acme
exchanges:
  # shop.yaml:9, for tenant "acme"
  events: {}
queues:
  # shop.yaml:8, for tenant "acme", defaults, prod.yaml
  orders:
    type: quorum
    maxLength: 9
`)
  })

  it('keeps references to the environment and to files, and resolves variables and names', async () => {
    const folder = await folderWith({
      'in/shop.yaml': `${HEAD}vhost: '\${env:VHOST}'
queues:
  'q-\${var:region}':
    type: quorum
    maxLength: '\${env:LENGTH:-5}'
    messageTtl: '\${file:secret/ttl}'
    maxLengthBytes: '\${var:bytes}'
    arguments: { x-a: 'a$\${b} \${var:region}\${env:VHOST}', x-b: '\${var:odd}' }
users:
  ann: { password: '\${file:secret/pw}' }
publications:
  placed: { queue: 'q-\${var:region}', message: { schema: placed.json } }
`,
      'in/secret/ttl': '5s\n',
      'in/secret/pw': 'hunter2hunter2\n',
      'in/placed.json': '{ "type": "object" }',
      'out/x': '',
    })
    const options = {
      paths: [join(folder, 'in/shop.yaml')],
      variables: { region: 'eu', bytes: '2048', odd: `\${c}` },
      environment: { VHOST: 'v', LENGTH: '7' },
    }
    const file = join(folder, 'out/rendered.yaml')
    const text = await renderedTo(file, options)

    expect(text.replaceAll(/^ *#.*\n/gm, '')).toBe(`warren: 1
project: shop
vhost: v
queues:
  q-eu:
    type: quorum
    messageTtl: "\${file:../in/secret/ttl}"
    maxLength: "\${env:LENGTH:-5}"
    maxLengthBytes: 2048
    arguments:
      x-a: "a$\${b} eu\${env:VHOST}"
      x-b: "$\${c}"
users:
  ann:
    password: "\${file:../in/secret/pw}"
publications:
  placed:
    queue: q-eu
    message:
      schema: "../in/placed.json"
`)
    const { environment } = options
    expect(await digestOfFiles({ paths: [file], environment })).toBe(await digestOfFiles(options))
  })

  it.each([
    ['password: hunter2hunter2'],
    ["password: '${env:PW:-hunter2}'"],
    ["password: '${var:pw}'"],
    ["password: 'hunter-${env:PW}'"],
    ['passwordHash: kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR'],
  ])('refuses to print a user with %s', async (property) => {
    const folder = await folderWith({ 't.yaml': `${HEAD}users:\n  ann:\n    ${property}\n` })
    const variables: Record<string, string> = property.includes('var:pw') ? { pw: 'hunter2hunter2' } : {}
    const refusal = await refusalOf({ paths: [join(folder, 't.yaml')], variables })

    expect(refusal).toEqual(expect.arrayContaining([expect.stringMatching(/t\.yaml:5:\d+ secret-in-rendered$/)]))
  })

  it('refuses to print a login in a URI, and keeps one that is a reference', async () => {
    const shovel = (uri: string): string =>
      `${HEAD}shovels: { s: { src-uri: '${uri}', src-queue: a, dest-uri: 'amqp://', dest-queue: b } }\n`
    const folder = await folderWith({
      'literal.yaml': shovel('amqp://ann:hunter2hunter2@mq.example'),
      'kept.yaml': shovel('${env:URI}'),
    })
    const environment = { URI: 'amqp://ann:hunter2hunter2@mq.example' }

    expect(await refusalOf({ paths: [join(folder, 'literal.yaml')] })).toEqual([
      expect.stringMatching(/:3:12 secret-in-rendered$/),
    ])
    expect((await refusalOf({ paths: [join(folder, 'kept.yaml')], environment }))[0]).toContain('src-uri: "${env:URI}"')
  })

  it('keeps descriptions and labels from the header of each document of a virtual host', async () => {
    const folder = await folderWith({
      't.yaml': `${HEAD}labels: { owner: a }
queues: { q: { type: quorum } }
bindings: [{ source: amq.topic, destination: { queue: q } }]
---
${HEAD}description: theirs
exchanges: { e: { labels: { tier: '1' } } }
`,
    })
    const path = join(folder, 't.yaml')
    const file = join(folder, 'rendered.yaml')
    await renderedTo(file, { paths: [path] })
    const descriptions = async (each: string): Promise<unknown> => {
      const { desired } = await loadTopology({ paths: [each], environment: {} })
      const { exchanges = [], queues = [], bindings = [] } = desired?.topology ?? {}
      return [...exchanges, ...queues, ...bindings].map((object) => desired?.descriptions?.of(object))
    }

    expect(await descriptions(file)).toEqual([
      { description: 'theirs', labels: { tier: '1' } },
      { labels: { owner: 'a' } },
      { labels: { owner: 'a' } },
    ])
    expect(await descriptions(file)).toEqual(await descriptions(path))
  })

  it('takes one project and one environment of a config, as a command', async () => {
    const folder = await folderWith({
      'warren.config.yaml': `warrenConfig: 1
projects: { shop: { paths: [shop.yaml] }, mail: { paths: [mail.yaml] } }
environments: { prod: { url: "http://mq.example:15672", variables: { n: 3 } } }
`,
      'shop.yaml': `${HEAD}queues: { q: { type: quorum, maxLength: '\${var:n}' } }\n`,
      'mail.yaml': 'warren: 1\nproject: mail\nqueues: { m: { type: quorum } }\n',
    })
    const config = ['--config', join(folder, 'warren.config.yaml')]
    const file = join(folder, 'rendered.yaml')

    expect(await command(['render', ...config, '-e', 'prod'])).toMatchObject({ code: 3, stdout: '' })
    expect(await command(['render', ...config, '-e', 'prod', '--project', 'shop', '--out', file])).toMatchObject({
      code: 0,
    })
    expect(await meaningOf({ paths: [file] })).toEqual(
      await meaningOf({ paths: [join(folder, 'shop.yaml')], variables: { n: '3' } }),
    )
  })
})
