import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command } from '../../integration/support/command-in-process.ts'

const HEAD = 'warren: 1\nproject: p\nvhost: v\n'
const DEEP = 5_000
const WRONG = 20_000
const MANY = 10_000

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/warren-bombs-`)
  await writeFile(`${folder}/deep.json`, `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`)
})
afterAll(() => rm(folder, { recursive: true }))

async function validate(text: string, name = 'topology.yaml') {
  await writeFile(`${folder}/${name}`, HEAD + text)
  return command(['validate', `${folder}/${name}`])
}

describe('a malicious input', () => {
  it.each([
    ['a device', 'queues: {q: {arguments: {x: "${file:/dev/zero}"}}}', 'cannot read /dev/zero: it is a device'],
    ['partitions without end', 'superStreams: { s: { partitions: 1e308 } }', 'a whole number from 1 to 1000'],
    ['too many partitions', 'superStreams: { s: { partitions: 10000000 } }', 'a whole number from 1 to 1000'],
    ['a deep schema', 'publications: {p: {exchange: "", message: {schema: deep.json}}}', 'nested more than 200 deep'],
    ['a deep list', `queues: ${'['.repeat(DEEP)}${']'.repeat(DEEP)}`, 'nested more than 100 deep'],
    ['a long number', `queues: {q: {maxLength: ${'9'.repeat(500_000)}}}`, '(500,000 characters)'],
  ])('is refused with exit code 3 and a short message: %s', async (_what, text, message) => {
    const { code, stdout, stderr } = await validate(text)

    expect(code).toBe(3)
    expect(stdout + stderr).toContain(message)
    expect((stdout + stderr).length).toBeLessThan(5_000)
  })

  it.each(['show', 'apply'])('is refused by "warren %s" as a saved plan', async (verb) => {
    expect((await command([verb, `${folder}/deep.json`])).code).toBe(3)
  })

  it.each([
    [MANY, 'in the header', Array.from({ length: MANY }, (_, n) => `wrong${n}: 1`).join('\n')],
    [WRONG, 'of queues', `queues:\n${Array.from({ length: WRONG }, (_, n) => `  q${n}: { wrong: 1 }`).join('\n')}`],
  ])(
    'is answered with exit code 3 and a bounded list for %i wrong keys %s',
    { timeout: 600_000 },
    async (count, _where, text) => {
      await writeFile(`${folder}/wrong.yaml`, `${HEAD}${text}\n`)
      const { code, stdout, stderr } = await command(['plan', '--format', 'json', `${folder}/wrong.yaml`])

      expect(code).toBe(3)
      expect(stderr).toContain(
        `the files have ${count.toLocaleString('en')} findings, of which the first 999 are listed`,
      )
      expect(stderr.split('  unknown-key\n')).toHaveLength(1_000)
      expect(stdout.length + stderr.length).toBeLessThan(2_000_000)
    },
  )

  it('cannot affect the terminal by the name of a file', async () => {
    const { stdout, stderr } = await validate('queues: 7\n', 'a\u001b[31mb\nc.yaml')

    expect(stdout + stderr).toContain('a\\u001b[31mb\\nc.yaml:4:9')
    expect(stdout + stderr).not.toContain('\u001b')
  })
})
