import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { DefinitionsText } from '../../../src/operations/insight/definitions.ts'
import { definitions } from '../../../src/operations/insight/definitions.ts'
import { configuredNode } from '../support/brokers/configured-node.ts'
import { command } from '../support/command-in-process.ts'
import { ROOT } from '../support/command-line.ts'

const FOLDER = join(ROOT, 'topologies')

/** Objects that the examples do not declare. */
const MORE = `
warren: 1
project: more
vhost:
  name: /more
  description: Everything else
  tags: [shop, test]
  limits: { maxQueues: 50, maxConnections: 100 }
exchanges:
  in: { type: topic, alternateExchange: unrouted }
  unrouted: { type: fanout }
  by-header: { type: headers, bindings: [{ exchange: in, routingKey: 'a.#' }] }
queues:
  classic: { type: classic, maxLength: 10, maxPriority: 5, bindings: [{ exchange: amq.topic, routingKey: b }] }
  quorum:
    type: quorum
    bindings: [{ exchange: by-header, arguments: { x-match: all, number: 1, flag: true } }]
  stream: { type: stream, maxAge: 7d }
superStreams:
  orders: { partitions: 3 }
policies:
  limited: { pattern: '^classic$', applyTo: queues, definition: { max-length: 5 }, priority: 3 }
operatorPolicies:
  bounded: { pattern: '.*', applyTo: queues, definition: { max-length: 1000 } }
users:
  root:
    password: '\${env:ROOT}'
    tags: [administrator]
    limits: { maxConnections: 9 }
    permissions: { configure: '.*', write: '.*', read: '.*' }
    topicPermissions: { in: { write: '^a', read: '.*' } }
  nobody: { tags: [] }
globalParameters:
  site: { name: test, floors: [1, 2] }
`

interface Example {
  readonly path: string
  readonly environment: Readonly<Record<string, string>>
  readonly written: DefinitionsText
}

async function exampleOf(path: string): Promise<Example> {
  const names = [...readFileSync(path, 'utf8').matchAll(/\$\{env:(\w+)\}/g)].map(([, name]) => String(name))
  const environment = Object.fromEntries(names.map((name) => [name, `secret-of-${name}`]))
  return { path, environment, written: await definitions({ paths: [path], environment }) }
}

/** One file for all examples, and the login of the test. */
function together(examples: readonly Example[], login: { readonly username: string; readonly password: string }) {
  const all: Record<string, unknown[]> = {}
  for (const { written } of examples) {
    for (const [section, entries] of Object.entries(JSON.parse(written.json.reveal()) as Record<string, unknown[]>)) {
      all[section] = [...(all[section] ?? []), ...entries]
    }
  }
  const user = { name: login.username, password: login.password, tags: ['administrator'] }
  return JSON.stringify({ ...all, users: [...(all['users'] ?? []), user] })
}

it('a broker that boots with the definitions of the examples needs no change', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warren-definitions-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'more.yaml'), MORE)
  const paths = [FOLDER, folder].flatMap((each) =>
    readdirSync(each)
      .filter((name) => /(?<!\.test)\.yaml$/.test(name))
      .map((name) => join(each, name)),
  )
  const examples = await Promise.all(paths.map(exampleOf))
  const { managementUrl, login } = await configuredNode({
    definitions: (admin) => Promise.resolve(together(examples, admin)),
  })
  const url = managementUrl.replace('://', `://${login.username}:${login.password}@`)
  for (const { path, environment, written } of examples) {
    const { stdout } = await command(['plan', path, '--format', 'json'], { ...environment, WARREN_URL: url })
    const plan = JSON.parse(stdout) as { changes: { address: string }[]; blocks: unknown[]; unknowns: unknown[] }
    // Objects that need objects of another project are created after these exist.
    const later = written.leftOut.filter(({ reason }) => reason.endsWith('is left out')).map(({ address }) => address)
    expect({ path, changes: plan.changes.map(({ address }) => address), blocks: plan.blocks }).toEqual({
      path,
      changes: later,
      blocks: [],
    })
  }
}, 240_000)
