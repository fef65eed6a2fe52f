import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { ROOT } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'
import { type Part, partsOf, plain } from './guide-story.ts'

const PAGE = await readFile(join(ROOT, 'docs/tutorials/existing-broker.md'), 'utf8')
const SHIPPING = 'topologies/%2F/shipping.yaml'

it('runs the tutorial from an existing broker to the first empty plan', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warren-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp(join(ROOT, 'test/guides/existing-broker/broker.json'), join(folder, 'broker.json'))
  const [exporting, ...plans] = partsOf(PAGE).filter((part) => part.kind === 'command')
  const [shown, policy] = partsOf(PAGE).filter((part) => part.kind === 'file')
  const file = join(folder, SHIPPING)
  const run = async (command: Extract<Part, { kind: 'command' }> | undefined, within = '') => {
    // These commands need no broker.
    const environment = { NO_COLOR: '1', WARREN_URL: 'http://broker.invalid' }
    const { code, stdout } = await warren(command?.args ?? [], { folder: join(folder, within), environment })
    expect({ code, stdout: plain(stdout) }).toEqual({ code: command?.code, stdout: plain(command?.output ?? '') })
  }

  const definitions = await readFile(join(folder, 'broker.json'), 'utf8')
  expect(/```json\n([^]*?)```/.exec(PAGE)?.[1]).toBe(definitions)
  await run(exporting)
  const exported = await readFile(file, 'utf8')
  expect([shown?.name, dataOf(exported)]).toEqual([SHIPPING, dataOf(shown?.text ?? '')])
  await run(plans[0], 'topologies')
  await writeFile(file, exported.replace(/(shipping\.labels:\n +type: classic\n)/, '$1    messageTtl: 7d\n'))
  await run(plans[1], 'topologies')
  await writeFile(file, exported)
  await appendFile(file, policy?.text ?? '')
  await run(plans[2], 'topologies')

  expect(plans).toHaveLength(3)
})

it.each(['survey', 'export'])('runs the page "%s" about an existing broker', async (name) => {
  const page = await readFile(join(ROOT, `docs/how-to/adopt/${name}.md`), 'utf8')
  const folder = await mkdtemp(join(tmpdir(), 'warren-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp(join(ROOT, 'test/guides/existing-broker/broker.json'), join(folder, 'broker.json'))
  const seen: unknown[] = []
  const shown: unknown[] = []
  for (const part of partsOf(page)) {
    if (part.kind === 'file') await writeFile(join(folder, part.name), part.text)
    if (part.kind !== 'command') continue
    const { code, stdout } = await warren(part.args, { folder, environment: { WARREN_URL: 'http://broker.invalid' } })
    seen.push([part.args, code, withoutLint(plain(stdout))])
    shown.push([part.args, part.code, withoutLint(plain(part.output))])
  }

  expect(seen).toEqual(shown)
  expect(seen).not.toEqual([])
})

/** The data of YAML in any notation. */
function dataOf(text: string): unknown {
  return parseAllDocuments(text).map((each) => each.toJS() as unknown)
}

/** Without findings of lint rules, because a new version of warren may have more rules. */
function withoutLint(text: string): string {
  return text.replaceAll(/^ *(?:Lint |[a-z-]+ +\d+ (?:warning|error)).*\n/gm, '')
}
