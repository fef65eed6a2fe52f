import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assert, asyncProperty, constantFrom } from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { COMMANDS, programOf, runCommandLine } from '../../../src/cli/run-command-line.ts'
import type { AddCommand } from '../../../src/cli/commands/add-command.ts'
import { topologyOptions } from '../../../src/cli/options/topology-options.ts'
import { validate } from '../../../src/operations/files/validate.ts'
import { amqpUrl, freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { FORMATS } from '../../../src/cli/options/formats.ts'
import { files } from '../support/command-line.ts'
import { propertyRuns } from '../support/cases/property-runs.ts'
import { secretsOfCase, type Secrets, shownIn, uriWith } from './secret-places.ts'
import { silentIo } from '../../builders/silent-io.ts'
import { silentProcess } from '../../builders/silent-io.ts'

type Program = ReturnType<typeof programOf>

/** The result of this command is a login: that of a broker that it has started itself. */
const SHOWS_A_LOGIN = 'broker start'
/** This command writes a file for a broker, which needs the values themselves. Only the owner can read the file. */
const WRITES_VALUES = 'definitions'

/** Prints everything that it can access, and masks nothing. */
const addCareless: AddCommand = (program, io, exitWith) => {
  program
    .command('careless')
    .argument('[path...]')
    .option('--out <file>')
    .action(
      exitWith(async (paths: string[], flags: { readonly out?: string }) => {
        const { desired, findings, sources } = await validate(topologyOptions(paths, {}, io))
        const everything = { desired, findings, environment: io.environment, sources: [...sources.values()] }
        const secrets = desired?.secrets.map((secret) => secret.reveal()) ?? []
        io.out(JSON.stringify({ everything, secrets }, undefined, 2))
        io.err(`progress: ${secrets.join(' and ')}\n`)
        await io.ask(`Really ${secrets.join()}? `)
        if (flags.out !== undefined) io.file('--out', flags.out, JSON.stringify(everything))
        throw new Error(`failed on ${secrets.join()}`, { cause: new Error(JSON.stringify(everything)) })
      }),
    )
}

/** The outcomes of a run: the difference from a successful one. */
const PATHS = ['ok', 'blocked', 'refused', 'unreachable', 'wrong login', 'stale', 'interrupted', 'invalid'] as const
type Path = (typeof PATHS)[number]

/** Some exit codes of each path, to check that they really occur. */
const CODES: Readonly<Record<Path, Readonly<Record<string, number>>>> = {
  ok: { validate: 0, plan: 0, apply: 0, 'dlq peek': 0, 'dlq purge': 0, types: 0, careless: 1 },
  blocked: { plan: 3, apply: 4 },
  refused: { apply: 6 },
  unreachable: { plan: 6, apply: 6, 'dlq list': 6, destroy: 6 },
  'wrong login': { plan: 6, apply: 6 },
  stale: { apply: 5 },
  interrupted: { apply: 130 },
  invalid: { validate: 3, apply: 3, 'dlq peek': 3 },
}

interface Place {
  readonly secrets: Secrets
  readonly project: string
  readonly vhost: string
  readonly folder: string
  /** The URL of the API, with a login whose password is a secret. */
  readonly url: string
  readonly amqp: string
}

/** All commands, subcommands after their parents, except the one that prints a login. */
function commandsOf(program: Program, parents: readonly string[] = []): [string, Program][] {
  return program.commands.flatMap((each): [string, Program][] => {
    const words = [...parents, each.name()]
    return each.commands.length > 0 ? commandsOf(each, words) : [[words.join(' '), each]]
  })
}

const silent = silentIo()
const commands = commandsOf(programOf(silent, () => () => Promise.resolve(), { ...COMMANDS, careless: addCareless }))
  .filter(([words]) => words !== SHOWS_A_LOGIN)
  // This command would leave nothing for the others.
  .toSorted(([one], [other]) => Number(one === 'destroy') - Number(other === 'destroy'))

function topologyOf({ secrets, project, vhost }: Place, path: Path, uri: (secret: string) => string): string {
  const { literal, inUri, inArgument, inParameter } = secrets
  const text = JSON.stringify
  // A shovel to a virtual host of the same broker that does not exist is refused before the first write.
  const refused =
    path === 'refused'
      ? `shovels:\n  wrong: { src-uri: ${text(`amqp://svc:${encodeURIComponent(inUri)}@/gone`)}, src-queue: a, dest-uri: "amqp://", dest-queue: b }\n`
      : ''
  return `warren: 1
project: ${project}
vhost: ${vhost}
exchanges:
  events: { type: topic, arguments: { x-uris: [${text(uri(inArgument))}], x-file: "\${file:file}", x-part: "a \${file:part} b" } }
queues:
  work:
    type: ${path === 'blocked' ? 'quorum' : 'classic'}
    messageTtl: \${file:duration}
    arguments: { x-note: ${text(uri(inUri))}, x-table: { of: ["\${file:file}"] } }
    bindings: [{ exchange: events, routingKey: k, arguments: { of: ${text(uri(inArgument))} } }]
    retry: { delays: [1s] }
    deadLetter: true
policies:
  limits: { pattern: "^none$", applyTo: queues, definition: { max-length: 5 } }
globalParameters:
  ${project}: { uris: [${text(uri(inParameter))}], password: ${text(literal)}, note: "\${file:part}" }
publications:
  send: { exchange: events, routingKey: k${path === 'invalid' ? ', headers: { x-file: "${file:file}" }, nonsense: 1' : ''} }
subscriptions:
  take: { queue: work }
users:
  ${project}: { password: "\${env:A_SECRET}", can: { publish: [send], consume: [take] } }
  ${project}-2: { password: ${text(literal)}, tags: [management] }
${refused}`
}

/** The arguments of a command, from its own description, so that a new command is tested too. */
function argumentsOf(command: Program, { project, folder }: Place, path: Path): string[] {
  const out = (name: string) => join(folder, 'out', name)
  const known: Readonly<Record<string, readonly string[]>> = {
    '--report': FORMATS.filter((format) => format !== 'diff' || command.name() !== 'validate').map(
      (format) => `${format}=${out(`report.${format}`)}`,
    ),
    '--out': [out('out')],
    '--out-undo': [out('undo.json')],
    '--timeout': ['5s'],
    '--retries': ['0'],
    ...(path !== 'interrupted' && { '--auto-approve': [''], '--confirm': [project] }),
    ...(path === 'stale' && { '--expect-digest': ['0'.repeat(64)] }),
    '--body': [''],
    '--reasons': [''],
  }
  const options = command.options.flatMap(({ long = '' }) =>
    (known[long] ?? []).flatMap((value) => (value === '' ? [long] : [long, value])),
  )
  const words = command.registeredArguments.flatMap((each) => {
    if (each.name() === 'queue') return ['work']
    if (each.name() === 'plan') return [join(folder, 'plan.json')]
    if (each.name() === 'folder') return [join(folder, 'init')]
    return each.name() === 'path' ? [join(folder, 'topology.yaml')] : []
  })
  return [...words, ...options]
}

interface Ran {
  readonly code: number
  readonly written: string
}

/** Runs a command within this process, and reads all of its output. */
async function run(place: Place, words: string, more: readonly string[], path: Path): Promise<Ran> {
  const { secrets, folder } = place
  const wrong = encodeURIComponent(secrets.login)
  const url = {
    unreachable: `http://svc:${wrong}@127.0.0.1:1`,
    'wrong login': place.url.replace(/\/\/.*@/, `//svc:${wrong}@`),
  }[path as string]
  let written = ''
  const take = (text: string) => void (written += text)
  const answer = () => {
    setImmediate(() => process.emit('SIGINT'))
    return Promise.resolve(words === 'destroy' ? place.project : words === 'dlq purge' ? 'work.dead' : 'yes')
  }
  const io = silentProcess({
    out: take,
    err: take,
    interactive: path === 'interrupted',
    ask: async (question) => {
      take(question)
      return answer()
    },
    environment: { WARREN_URL: url ?? place.url, WARREN_AMQP_URL: place.amqp, A_SECRET: secrets.environment },
  })
  await mkdir(join(folder, 'out'), { recursive: true })
  const ignore = () => undefined
  // If the command no longer listens, the signal has no effect.
  process.on('SIGINT', ignore)
  try {
    const code = await runCommandLine([...words.split(' '), ...more], io, { ...COMMANDS, careless: addCareless })
    return { code, written: words === WRITES_VALUES ? written : written + (await filesIn(join(folder, 'out'))) }
  } finally {
    process.off('SIGINT', ignore)
    await rm(join(folder, 'out'), { recursive: true })
  }
}

async function filesIn(folder: string): Promise<string> {
  const texts = (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8'))
  return (await Promise.all(texts)).join('\n')
}

/** A vhost and a login for this case. The password of the login is one of the secrets. */
async function placeOf(secrets: Secrets): Promise<Place> {
  const { api, managementUrl } = await testBroker()
  const [vhost, project] = [await freshVhost(), freshName('p')]
  await api.put(['users', `${project}-login`], { password: secrets.login, tags: 'administrator' })
  await api.put(['permissions', vhost, `${project}-login`], { configure: '.*', write: '.*', read: '.*' })
  onTestFinished(async () => {
    for (const user of ['-login', '', '-2']) await api.delete(['users', `${project}${user}`])
    await api.delete(['global-parameters', project])
  })
  const url = managementUrl.replace('//', `//${project}-login:${encodeURIComponent(secrets.login)}@`)
  const folder = await files({ file: secrets.file, part: secrets.part, duration: secrets.duration })
  const amqp = await amqpUrl(vhost, { username: `${project}-login`, password: secrets.login })
  return { secrets, project, vhost, folder, url, amqp }
}

/**
 * Puts the broker into the initial state of the path, with a dead letter that contains a secret, and writes the
 * topology of the path.
 */
async function prepare(place: Place, path: Path, uri: (secret: string) => string): Promise<void> {
  const { folder, project, vhost, secrets } = place
  const file = join(folder, 'topology.yaml')
  await writeFile(file, topologyOf(place, 'ok', uri))
  const allowed = ['work', 'work.dead'].flatMap((name) => ['--allow', `delete=queue:${vhost}/${name}`])
  const [words = '', ...more] = path === 'interrupted' ? ['destroy', '--confirm', project, ...allowed] : ['apply', '-y']
  const { code, written } = await run(place, words, [file, ...more], 'ok')
  if (code !== 0) throw new Error(`exit ${code}: ${written}`)
  await writeFile(file, topologyOf(place, path, uri))
  const { managementUrl, username, password } = await testBroker()
  const letter = { properties: { headers: { of: secrets.file } }, routing_key: 'work.dead', payload: secrets.part }
  const answer = await fetch(`${managementUrl}/api/exchanges/${encodeURIComponent(vhost)}/amq.default/publish`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    body: JSON.stringify({ ...letter, payload_encoding: 'string' }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

/** The content of a project's records, which others can read. */
async function recordsOf({ project }: Place): Promise<string> {
  const { api } = await testBroker()
  const parameters = (await api.get(['global-parameters'])) as { name: string; value: unknown }[]
  const own = parameters.filter(
    ({ name, value }) => name.startsWith('warren.') && JSON.stringify(value).includes(project),
  )
  return JSON.stringify(own)
}

describe('a secret', () => {
  const { seed, numRuns, timeout } = propertyRuns(1)

  it(
    `occurs in no output of any command, in any outcome, and in no record (seed ${seed})`,
    { timeout: timeout + 240_000 },
    async () => {
      await assert(
        asyncProperty(secretsOfCase, constantFrom(...uriWith), async (secrets, uri) => {
          const place = await placeOf(secrets)
          for (const path of PATHS) {
            await prepare(place, path, uri)
            const codes: Record<string, number> = {}
            for (const [words, command] of commands) {
              const { code, written } = await run(place, words, argumentsOf(command, place, path), path)
              codes[words] = code
              expect([path, words, shownIn(written, secrets)]).toEqual([path, words, []])
            }
            expect([path, codes]).toEqual([path, expect.objectContaining(CODES[path])])
            expect([path, shownIn(await recordsOf(place), secrets)]).toEqual([path, []])
          }
        }),
        { seed, numRuns, endOnFailure: true },
      )
    },
  )
})
