import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BrokerFlags } from '../../../src/cli/options/connection/broker-options.ts'
import { brokerOf, chooseRun, chooseRuns, chooseSavedRun } from '../../../src/cli/options/chosen-runs.ts'
import type { TopologyFlags } from '../../../src/cli/options/topology-options.ts'
import { silentIo } from '../../builders/silent-io.ts'
import { textOf } from '../../../src/model/secrets/secret.ts'

const CONFIG = `warrenConfig: 1
projects:
  billing: { paths: [billing], overlays: { prod: [prod.yaml] }, variables: { prod: { size: 3 } } }
environments:
  dev: { url: "http://dev:15672" }
  prod:
    url: "http://prod:15672"
    amqpUrl: "amqp://prod"
    user: deploy
    password: "\${env:PROD_PASSWORD}"
    cluster: rabbit@prod
    variables: { size: 1, region: eu }
    variableFiles: [prod.vars]
    vhosts: { /shop: /shop-prod }
  wanted: { url: "\${env:WARREN_URL}" }
defaultEnvironment: dev
`

const before = process.cwd()
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warren-chosen-'))
  await mkdir(join(folder, '.git'))
  await mkdir(join(folder, 'billing'))
  await writeFile(join(folder, 'warren.config.yaml'), CONFIG)
  await writeFile(join(folder, 'prod.vars'), 'region=us\ncolor=red\n')
  process.chdir(folder)
})
afterEach(async () => {
  process.chdir(before)
  await rm(folder, { recursive: true })
})

type Variables = Readonly<Record<string, string>>

function ioWith(environment: Variables = {}, file: Variables = {}) {
  return silentIo({
    environment: { ...file, ...environment },
    fileVariables: new Set(Object.keys(file).filter((name) => environment[name] === undefined)),
  })
}

/** The address that a command would connect to. */
async function connection(flags: TopologyFlags & BrokerFlags, environment: Variables = {}, file: Variables = {}) {
  const io = ioWith(environment, file)
  const run = await chooseRun([], { project: ['billing'], ...flags }, io)
  const { connection: api, amqp, cluster, unusedVariables } = await brokerOf(run, flags, io)
  return {
    api: `${api.url} ${api.user}:${textOf(api.password)}`,
    ...(amqp && { amqp: `${amqp.hostname} ${amqp.user}:${textOf(amqp.password)}` }),
    ...(cluster !== undefined && { cluster }),
    ...(unusedVariables && { unusedVariables }),
  }
}

const PROD = { environment: ['prod'] }

describe('a chosen environment', () => {
  it('provides its overlays, variables and vhosts; those of the project, and options, take precedence', async () => {
    const io = ioWith({ PROD_PASSWORD: 'pw' })
    const { files } = await chooseRun([], { ...PROD, var: ['color=blue'], vhost: ['/shop=/mine'] }, io)

    expect(files).toMatchObject({
      paths: ['billing'],
      overlays: ['prod.yaml'],
      variables: { color: 'blue' },
      vhosts: { '/shop': '/mine' },
      inEnvironment: {
        name: 'prod',
        variables: { size: '3', region: 'eu', color: 'red' },
        vhosts: { '/shop': '/shop-prod' },
      },
      configured: { name: 'billing' },
    })
  })

  it('provides the whole connection, and names the unused variables that are set', async () => {
    const environment = { PROD_PASSWORD: 'pw', WARREN_URL: 'http://other', RABBITMQ_USER: 'me', RABBITMQ_VHOST: '' }

    expect(await connection(PROD, environment)).toEqual({
      api: 'http://prod:15672 deploy:pw',
      amqp: 'prod deploy:pw',
      cluster: 'rabbit@prod',
      unusedVariables: ['WARREN_URL', 'RABBITMQ_USER'],
    })
  })

  it('reads WARREN_URL if it refers to it', async () => {
    expect(await connection({ environment: ['wanted'] }, { WARREN_URL: 'http://a:b@mq:15672' })).toEqual({
      api: 'http://mq:15672 a:b',
      unusedVariables: [],
    })
  })

  it('is refused if WARREN_URL is set and only defaultEnvironment chose it', async () => {
    await expect(connection({}, { WARREN_URL: 'http://other' })).rejects.toMatchObject({
      code: 'INVALID_USAGE',
      message: expect.stringContaining(
        'WARREN_URL is set, and the config has "dev" as its default environment',
      ) as string,
    })
    expect(await connection({ environment: ['dev'] }, { WARREN_URL: 'http://other' })).toMatchObject({
      unusedVariables: ['WARREN_URL'],
    })
  })

  it.each([
    [{ user: 'me' }, 'url and amqpUrl and password come from the environment "prod", and --user from outside of it'],
    [{ url: 'http://other:15672' }, 'user and password come from the environment "prod", and --url from outside of it'],
    [
      { amqpUrl: 'amqp://other' },
      'url and user and password come from the environment "prod", and --amqp-url from outside of it',
    ],
  ])('is not completed by options: %j', async (flags, message) => {
    await expect(connection({ ...PROD, ...flags }, { PROD_PASSWORD: 'pw' })).rejects.toMatchObject({
      code: 'INVALID_USAGE',
      message: `${message}: URLs and login must come from one source`,
    })
  })

  it('is replaced by options that give a whole connection', async () => {
    expect(await connection({ ...PROD, url: 'http://a:b@other:15672' }, { PROD_PASSWORD: 'pw' })).toMatchObject({
      api: 'http://other:15672 a:b',
    })
  })

  it('resolves its references with the .env file next to the config, and uses nothing else of it', async () => {
    await writeFile(join(folder, '.env'), 'PROD_PASSWORD=from-file\nWARREN_URL=http://file\nRABBITMQ_USER=file\n')

    expect(await connection(PROD)).toMatchObject({ api: 'http://prod:15672 deploy:from-file', unusedVariables: [] })
    expect(await connection({})).toMatchObject({ api: 'http://dev:15672 guest:guest' })
  })

  it('does not read the .env file of another folder', async () => {
    process.chdir(join(folder, 'billing'))

    await expect(connection(PROD, {}, { PROD_PASSWORD: 'of-this-folder' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      findings: [{ code: 'environment-variable-not-set' }],
    })
  })

  it('is not needed: without a choice and a default, connections work as without a config', async () => {
    await writeFile(join(folder, 'warren.config.yaml'), CONFIG.replace('defaultEnvironment: dev\n', ''))

    expect(await connection({}, { WARREN_URL: 'http://me:pw@mq:15672' })).toEqual({ api: 'http://mq:15672 me:pw' })
  })

  it('does not resolve its connection for a command without a broker', async () => {
    const runs = await chooseRuns([], {}, ioWith(), 'all').catch((error: unknown) => error)

    expect(runs).toMatchObject([
      { environment: { name: 'dev' } },
      { environment: { name: 'prod' } },
      { environment: { name: 'wanted' } },
    ])
  })
})

describe('the config', () => {
  it('may be anywhere if --config names it, and is not read with --no-config', async () => {
    await mkdir(join(folder, 'elsewhere'))
    await writeFile(
      join(folder, 'elsewhere/other.yaml'),
      'warrenConfig: 1\nprojects: { shipping: { paths: [boxes] } }\n',
    )

    expect(await chooseRuns([], { config: 'elsewhere/other.yaml' }, ioWith())).toMatchObject([
      { project: 'shipping', files: { paths: ['elsewhere/boxes'] } },
    ])
    const [run, ...others] = await chooseRuns(['billing'], { config: false }, ioWith())
    expect(others).toEqual([])
    expect(run).toEqual({ chosenBy: 'name', files: expect.objectContaining({ paths: ['billing'] }), variables: {} })
  })

  it('must result in one run for a command that accepts only one', async () => {
    await expect(chooseRun([], { environment: ['dev', 'prod'] }, ioWith())).rejects.toMatchObject({
      code: 'INVALID_USAGE',
      message: 'this command works with one project in one environment, but several are chosen',
    })
  })
})

describe('a saved plan', () => {
  const saved = { project: 'billing', environment: { name: 'prod', unusedVariables: [] } }

  it('is applied in the environment that it was made for, with its variables', async () => {
    const run = await chooseSavedRun(saved, {}, ioWith({ WARREN_URL: 'http://other' }))

    expect(run).toMatchObject({ environment: { name: 'prod' }, chosenBy: 'name', files: { variables: { size: '3' } } })
  })

  it('is applied in no other environment', async () => {
    await expect(chooseSavedRun(saved, { environment: ['dev'] }, ioWith())).rejects.toMatchObject({
      message: 'the plan was made for the environment "prod", and --environment names "dev"',
    })
  })
})
