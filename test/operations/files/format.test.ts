import fc from 'fast-check'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compile } from '../../../src/desired/load/compiled-topology.ts'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { commentsIn } from '../../../src/desired/source/yaml/format-yaml.ts'
import { InvalidInputError } from '../../../src/diagnostics/warren-error.ts'
import { format } from '../../../src/operations/files/format.ts'
import { arbitraryYaml } from '../../builders/arbitrary/arbitrary-yaml.ts'
import { command } from '../../integration/support/command-in-process.ts'
import { folderWith } from '../../desired/load/folder.ts'
import { randomCases } from '../../thorough.ts'

async function compiled(path: string, text: string): Promise<string> {
  await writeFile(path, text)
  const { desired, findings } = await loadTopology({ paths: [path], environment: {} })
  if (desired === undefined) throw new Error(`${JSON.stringify(findings)}\n${text}`)
  return compile(desired)
}

describe('format', () => {
  it('keeps all comments and the compiled form of any topology, and changes nothing the second time', async () => {
    const path = join(await folderWith({}), 't.yaml')
    await fc.assert(
      fc.asyncProperty(arbitraryYaml, async (text) => {
        const formatted = format(text)
        expect(format(formatted)).toBe(formatted)
        expect(commentsIn(formatted).toSorted()).toEqual(commentsIn(text).toSorted())
        expect(await compiled(path, formatted)).toBe(await compiled(path, text))
      }),
      { numRuns: randomCases(30, 100) },
    )
  })

  it('puts keys into their canonical order, with their comments, and keeps names as they are', () => {
    const text = `# the shop

queues:
    # later
    b:   {deadLetter: true,  type: 'quorum'}   # why


    a:
        bindings:
        - {routingKey: "#", exchange: events}
        description: x
        type: quorum
# who owns it
project: shop
exchanges: { events: {type: topic} }
warren: 1
`

    expect(format(text)).toBe(`# the shop

warren: 1
# who owns it
project: shop
exchanges: { events: { type: topic } }
queues:
  # later
  b: { type: "quorum", deadLetter: true } # why

  a:
    description: x
    type: quorum
    bindings:
      - { exchange: events, routingKey: "#" }
`)
  })

  it('keeps the order of a document with aliases, and how numbers and words are spelled', () => {
    const text = `x-common: &common
  durable: yes # on
  maxLength: 0x10
queues:
  01: { <<: *common, "type": quorum, on: ~ }
warren: 1
---
warren: 1.0
`

    expect(format(text)).toBe(text)
  })

  it('formats JSON as JSON', () => {
    expect(format('{"warren":1,"project":"shop","queues":{"a":null}}', 't.json')).toBe(
      '{\n  "warren": 1,\n  "project": "shop",\n  "queues": {\n    "a": null\n  }\n}\n',
    )
  })

  it('reports invalid YAML, and ignores other files of warren', () => {
    expect(() => format('warren: 1\n  project: [')).toThrow(InvalidInputError)
    expect(format('warrenTests:   1\n')).toBe('warrenTests:   1\n')
  })
})

describe('warren fmt', () => {
  const MESSY =
    'project:   shop\nwarren: 1\nusers: { a: { password: "${env:FMT_PASSWORD}" }, b: { password: pa55-word } }\n'
  const NEAT =
    'warren: 1\nproject: shop\nusers: { a: { password: "${env:FMT_PASSWORD}" }, b: { password: pa55-word } }\n'

  it('checks without writing, with exit code 2, then writes what differs', async () => {
    const folder = await folderWith({ 'a.yaml': MESSY, 'b.yaml': NEAT })
    const path = join(folder, 'a.yaml')

    expect(await command(['fmt', folder, '--check'])).toEqual({ code: 2, stdout: `${path}\n`, stderr: '' })
    expect(await readFile(path, 'utf8')).toBe(MESSY)
    expect(await command(['fmt', folder])).toEqual({ code: 0, stdout: `${path}\n`, stderr: '' })
    expect(await readFile(path, 'utf8')).toBe(NEAT)
    expect(await command(['fmt', folder, '--check'])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('formats standard input, and keeps a password that is also in the environment', async () => {
    const formatted = await command(['fmt', '-'], { FMT_PASSWORD: 'pa55-word' }, MESSY)

    expect(formatted).toEqual({ code: 0, stdout: NEAT, stderr: '' })
    expect(await command(['fmt', '-', '--check'], {}, MESSY)).toMatchObject({ code: 2 })
  })
})
