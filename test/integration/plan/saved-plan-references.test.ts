import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

/** A virtual host, and a folder of topology files whose plans are saved. */
async function place() {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const user = freshName('user')
  onTestFinished(() => api.delete(['users', user]))
  const folder = await files({ 'ttl.txt': '77s\n' })
  const run = (args: readonly string[], environment = {}) => warren(args, { folder, environment })
  return {
    vhost,
    user,
    api,
    folder,
    run,
    write: (text: string) => writeFile(`${folder}/topology.yaml`, `warren: 1\nproject: shop\nvhost: ${vhost}\n${text}`),
    saved: () => readFile(`${folder}/plan.json`, 'utf8'),
  }
}

const ENVIRONMENT = {
  MOVE_LOGIN: 'm0ve-word',
  UPSTREAM_URI: 'amqp://fed:upstr3am-word@mq.example',
  NOTE: 'n0te-of-mine',
  FIRST: 'f1rst-password',
  HASH: 'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR',
}

describe('a value from a reference', () => {
  it('is saved as its reference, resolved again, and named when it is missing', async () => {
    const { vhost, user, api, run, write, saved } = await place()
    const hashed = `${user}-hashed`
    onTestFinished(() => api.delete(['users', hashed]))
    await write(`
queues:
  q: { type: classic, messageTtl: "\${file:ttl.txt}" }
policies:
  p: { pattern: "^q$", definition: { message-ttl: 5000, max-age: "\${file:ttl.txt}" } }
users:
  ${user}: { password: "\${env:FIRST:-not-used-w0rd}", tags: [monitoring] }
  ${hashed}: { passwordHash: "\${env:HASH}" }
shovels:
  move: { src-uri: "amqp://", src-queue: q, dest-uri: "amqp://joe:\${env:MOVE_LOGIN}@mq.example", dest-queue: q }
federationUpstreams:
  up: { uri: "\${env:UPSTREAM_URI}" }
parameters:
  federation-upstream:
    raw: { uri: "amqp://", exchange: "x-\${var:region}", consumer-tag: "\${env:NOTE}" }
`)
    const given = ['--var', 'region=eu-1']
    expect(await run(['plan', 'topology.yaml', '--out', 'plan.json', ...given], ENVIRONMENT)).toMatchObject({ code: 0 })
    const text = await saved()
    for (const value of [...Object.values(ENVIRONMENT), 'upstr3am-word', 'eu-1', '77s', '77000', 'not-used-w0rd'])
      expect(text).not.toContain(value)
    const { stdout } = await run(['show', 'plan.json'])
    for (const line of [
      /password +from \$\{env:FIRST\} {2}\(topology\.yaml:10:/,
      /passwordHash +from \$\{env:HASH\}/,
      /value\.dest-uri +from \$\{env:MOVE_LOGIN\}/,
      /value\.uri +from \$\{env:UPSTREAM_URI\}/,
      /value\.exchange +from \$\{var:region\}/,
      /arguments\.x-message-ttl +from \$\{file:ttl\.txt\}, relative to topology\.yaml/,
    ])
      expect(stdout).toMatch(line)

    const missing = await run(['apply', 'plan.json'])
    expect(missing.code).toBe(3)
    for (const name of ['FIRST is not set', 'HASH is not set', 'MOVE_LOGIN is not set', 'UPSTREAM_URI is not set'])
      expect(missing.stderr).toContain(name)
    expect(missing.stderr).toMatch(/NOTE is not set[^]*region is not given|region is not given[^]*NOTE is not set/)
    expect(await api.get(['queues', vhost])).toEqual([])

    expect(await run(['apply', 'plan.json', ...given], ENVIRONMENT)).toMatchObject({ code: 0 })
    expect(await api.get(['parameters', 'shovel', vhost, 'move'])).toMatchObject({
      value: { 'dest-uri': 'amqp://joe:m0ve-word@mq.example' },
    })
    expect(await api.get(['queues', vhost, 'q'])).toMatchObject({ arguments: { 'x-message-ttl': 77_000 } })
    expect(await run(['apply', 'plan.json', ...given], ENVIRONMENT)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to do'),
    })
    expect(await run(['plan', 'topology.yaml', '--detailed-exitcode', ...given], ENVIRONMENT)).toMatchObject({
      code: 0,
    })
  })

  it('changes the password, the tags and the hash of an existing user by a saved plan', async () => {
    const { user, run, write, saved } = await place()
    const apply = async (text: string, environment: Readonly<Record<string, string>>) => {
      await write(`users:\n  ${user}: ${text}\n`)
      expect(await run(['plan', 'topology.yaml', '--out', 'plan.json'], environment)).toMatchObject({ code: 0 })
      expect(await run(['apply', 'plan.json'], environment)).toMatchObject({ code: 0 })
      expect(await run(['apply', 'plan.json'], environment)).toMatchObject({
        stdout: expect.stringContaining('nothing to do'),
      })
      const left = await run(['plan', 'topology.yaml', '--detailed-exitcode'], environment)
      expect([text, left.code]).toEqual([text, 0])
      for (const value of Object.values(environment)) expect(await saved()).not.toContain(value)
    }

    await apply('{ password: "${env:WORD}" }', { WORD: 'f1rst-password' })
    await apply('{ password: "${env:WORD}" }', { WORD: 's3cond-password' })
    await apply('{ password: "${env:WORD}", tags: [monitoring] }', { WORD: 's3cond-password' })
    await apply('{ password: "${env:WORD}", tags: [] , limits: { maxChannels: 7 } }', { WORD: 'th1rd-password' })
    await apply('{ passwordHash: "${env:HASH}" }', { HASH: ENVIRONMENT.HASH })
    await apply('{ passwordHash: "" }', {})
  })
})

describe('a secret that is written in a topology file', () => {
  it.each([
    ['a password', 'users:\n  USER:\n    password: wr1tten-word', ':6:15', 'password'],
    ['a part of a password', 'users:\n  USER:\n    password: "wr1tten-word${env:PART}"', ':6:15', 'password'],
    ['a hash', `users:\n  USER:\n    passwordHash: ${ENVIRONMENT.HASH}`, ':6:19', 'password'],
    ['the default of a password', 'users:\n  USER:\n    password: "${env:NO:-wr1tten-word}"', ':6:15', 'variable'],
    ['a login', 'federationUpstreams:\n  up: { uri: "amqp://u:wr1tten-word@mq" }', ':5:3', 'secret'],
    [
      'a login next to references',
      'federationUpstreams:\n  up: { uri: "amqp://u:wr1tten-word@${env:PART}" }',
      ':5:3',
      'secret',
    ],
    [
      'the default of a login',
      'federationUpstreams:\n  up: { uri: "${env:NO:-amqp://u:wr1tten-word@mq}" }',
      ':5:3',
      'secret',
    ],
  ])('keeps a plan from being saved, and is named with its place: %s', async (_what, text, at, remedy) => {
    const { user, run, write, saved } = await place()
    await write(text.replace('USER', user))

    const refused = await run(['plan', 'topology.yaml', '--out', 'plan.json'], { PART: 'part' })
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining(`topology.yaml${at}`) })
    expect(refused.stderr).toMatch(/contains a secret from the file.*secret-in-saved-plan/)
    expect(refused.stderr).toContain(remedy)
    expect(refused.stdout + refused.stderr).not.toMatch(/wr1tten-word|kI3GCqW5/)
    await expect(saved()).rejects.toThrow('ENOENT')
    expect((await run(['plan', 'topology.yaml', '--format', 'json'], { PART: 'part' })).stdout).not.toContain('wr1tten')
  })
})
