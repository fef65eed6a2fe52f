import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, generateTypes, plan, validate } from '../../src/index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/warren-library-`)
  await writeFile(`${folder}/word`, 'file-pa55word')
  await writeFile(`${folder}/time`, '4711s')
  await writeFile(`${folder}/none.json`, JSON.stringify({ rabbitmq_version: '4.0.0', vhosts: [], queues: [] }))
  await writeFile(
    `${folder}/invalid.yaml`,
    'warren: 1\nproject: shop\nusers: { u: { password: "literal-pa55word", x: 1 } }\n',
  )
  await writeFile(
    `${folder}/topology.yaml`,
    `warren: 1
project: shop
queues:
  q: { type: classic, messageTtl: "\${file:time}", arguments: { x-note: "\${file:word}" } }
globalParameters:
  up: { uris: ["amqp://svc:uri-pa55word@host"] }
users:
  u: { password: "literal-pa55word" }
`,
  )
})
afterAll(() => rm(folder, { recursive: true }))

describe('a result or an error of the library', () => {
  it.each([
    ['validate', () => validate({ paths: [`${folder}/topology.yaml`] })],
    ['validate, of files with a mistake', () => validate({ paths: [`${folder}/invalid.yaml`] })],
    ['generateTypes', () => generateTypes({ paths: [`${folder}/topology.yaml`] })],
    ['compile, which refuses it', () => compile({ paths: [`${folder}/topology.yaml`] })],
    ['plan', () => plan({ paths: [`${folder}/topology.yaml`], against: `${folder}/none.json` })],
    [
      'plan, of files with a mistake',
      () => plan({ paths: [`${folder}/invalid.yaml`], against: `${folder}/none.json` }),
    ],
  ])('shows no secret when it is printed or serialized: %s', async (_verb, run) => {
    const came: unknown = await run().catch((error: unknown) => error)
    const shown = inspect(came, { depth: 20 }) + JSON.stringify(came) + String(came)

    expect(shown).not.toMatch(/pa55word|4711s|4711000/)
  })
})
