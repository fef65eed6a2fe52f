import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readOutputs, withOutputs } from '../../../src/cli/output/reports.ts'
import { runCommandLine } from '../../../src/cli/run-command-line.ts'
import type { AddCommand } from '../../../src/cli/commands/add-command.ts'
import { topologyOptions } from '../../../src/cli/options/topology-options.ts'
import { ExitCode } from '../../../src/cli/exit-code.ts'
import { WarrenError } from '../../../src/diagnostics/warren-error.ts'
import { validate } from '../../../src/operations/files/validate.ts'
import { silentProcess } from '../../builders/silent-io.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/warren-exit-`)
})
afterAll(() => rm(folder, { recursive: true }))

/** Prints everything that it can access, and masks nothing. */
const addCareless: AddCommand = (program, io, exitWith) => {
  program
    .command('careless')
    .argument('<path>')
    .argument('[words...]')
    .action(
      exitWith(async (path: string, words: string[]) => {
        const reports = readOutputs({ format: 'text', report: [`json=${folder}/report`] }, io)
        return withOutputs('plan', reports, io, async (write) => {
          const loaded = await validate(topologyOptions([path], {}, io))
          const everything = [words, loaded.desired, loaded.findings, io.environment, [...loaded.sources.values()]]
          const secrets = loaded.desired?.secrets.map((secret) => secret.reveal()) ?? []
          io.out(JSON.stringify([everything, secrets]))
          io.err(`progress: ${secrets.join()}`)
          await write(() => Promise.resolve(JSON.stringify(everything, undefined, 2)))
          throw new WarrenError(JSON.stringify(everything), { code: 'BLOCKED', hint: secrets.join() })
        })
      }),
    )
}

/** Runs the careless command. @returns all of its output */
async function outputsOf(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
  let output = ''
  const io = silentProcess({
    out: (text) => void (output += text),
    err: (text) => void (output += text),
    environment,
  })
  expect(await runCommandLine(['careless', ...args], io, { careless: addCareless })).toBe(ExitCode.blocked)
  return output + (await readFile(`${folder}/report`, 'utf8'))
}

/** A string that warren never writes, with characters that encodings change. */
const secretText = fc
  .tuple(
    fc.stringMatching(/^[a-z0-9]{6}$/),
    fc.string({
      unit: fc.constantFrom('"', '\\', '/', ':', '?', '#', '&', '%', '+', ' ', 'ü', "'", '$', '<', '>'),
      maxLength: 4,
    }),
    fc.stringMatching(/^[A-Z0-9]{6}$/),
  )
  .map((parts) => parts.join(''))

describe('a command without any masking code', () => {
  it('shows no secret on stdout, on stderr, in an error or in a report', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(secretText, { minLength: 5, maxLength: 5 }),
        async ([fromFile = '', literal = '', inUri = '', ofEnvironment = '', ofArgument = '']) => {
          const uri = `amqp://svc:${encodeURIComponent(inUri)}@host`
          await writeFile(`${folder}/word`, fromFile)
          await writeFile(
            `${folder}/topology.yaml`,
            `warren: 1
project: shop
exchanges:
  events: { type: topic, arguments: { x-text: "\${file:word}", x-part: "a \${file:word} b" } }
users:
  reader: { password: ${JSON.stringify(literal.replaceAll('$', '$$'))} }
globalParameters:
  upstream: { uris: [${JSON.stringify(uri)}], password: ${JSON.stringify(literal.replaceAll('$', '$$'))} }
`,
          )
          const environment = { RABBITMQ_PASSWORD: ofEnvironment }
          const shown = await outputsOf([`${folder}/topology.yaml`, `amqp://u:${ofArgument}@h`], environment)

          for (const secret of [fromFile, literal, inUri, ofEnvironment, ofArgument]) {
            for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
              expect(shown).not.toContain(form)
            }
          }
          expect(shown).toContain('(secret)')
        },
      ),
      { numRuns: 30 },
    )
  })
})
