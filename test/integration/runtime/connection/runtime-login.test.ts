import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { compile } from '../../../../src/index.ts'
import { connect } from '../../../../src/runtime/index.ts'
import type { ConnectOptions, Runtime } from '../../../../src/runtime/index.ts'
import { connectByToken } from '../../../guides/runtime/connect-by-token.ts'
import { publication } from '../../../runtime/routes.ts'
import { keep } from '../runtime-vhost.ts'
import { secureNode } from '../../support/brokers/secure-node.ts'
import type { SecureNode } from '../../support/brokers/secure-node.ts'
import { until } from '../../support/until.ts'

let node: SecureNode

beforeAll(async () => {
  node = await secureNode()
  await node.api.put(['users', 'client'], { password_hash: '', tags: '' })
  await node.api.put(['permissions', '/', 'client'], { configure: '', write: '.*', read: '.*' })
  await node.api.put(['queues', '/', 'email'], { durable: true })
})

async function connected(options: Partial<ConnectOptions>): Promise<Runtime> {
  const send = publication({ name: 'send-email', exchange: '', routingKey: 'email' })
  const topology = { routes: { publications: [send], subscriptions: [] } }
  const runtime = await connect({ topology, logger: false, startTimeout: 60_000, ...options })
  onTestFinished(async () => void (await runtime.close({ deadline: 100 })))
  return runtime
}

/** Sets environment variables for one test. No other variable names a broker during the test. */
function environment(variables: Record<string, string>): void {
  const before = { ...process.env }
  onTestFinished(() => void (process.env = before))
  for (const name of ['WARREN_AMQP_URL', 'AMQP_URL']) delete process.env[name]
  Object.assign(process.env, variables)
}

async function temporaryFile(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-login-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'secret')
  await writeFile(path, content)
  return path
}

describe('TLS', () => {
  it('trusts only the given authority', async () => {
    const { username, password } = node.login
    const url = `amqps://${username}:${password}@127.0.0.1:${node.tlsPort}`
    const runtime = await connected({ url, tls: { ca: readFileSync(node.files.ca) } })
    await runtime.publish('send-email', 1)

    const refused: unknown = await connected({ url }).catch((error: unknown) => error)
    expect(String(refused)).toMatch(/could not be trusted: .*give the authority that signed the certificate \(tls\.ca/)
    expect(String(refused)).not.toContain(password)
  })

  it('logs in by certificate (EXTERNAL), with all settings from the environment', async () => {
    environment({
      RABBITMQ_HOST: '127.0.0.1',
      RABBITMQ_PORT: String(node.tlsPort),
      RABBITMQ_TLS: 'true',
      RABBITMQ_AUTH: 'external',
      RABBITMQ_CA_FILE: node.files.ca,
      RABBITMQ_CERT_FILE: node.files.cert,
      RABBITMQ_KEY_FILE: node.files.key,
    })
    const runtime = await connected({})
    await runtime.publish('send-email', 1)

    const connections = await until(async () => {
      const all = (await node.api.get(['connections'])) as { user: string; auth_mechanism: string }[]
      return all.some(({ user }) => user === 'client') ? all : undefined
    }, 'the connection to be listed')
    expect(connections.find(({ user }) => user === 'client')).toMatchObject({ auth_mechanism: 'EXTERNAL' })
  })
})

describe('credentials', () => {
  it('are read again with each connection, from a file that the environment names', async () => {
    const user = 'rotated'
    await node.api.put(['users', user], { password: 'first', tags: '' })
    await node.api.put(['permissions', '/', user], { configure: '', write: '.*', read: '.*' })
    const file = await temporaryFile('first\n')
    environment({
      RABBITMQ_HOST: '127.0.0.1',
      RABBITMQ_PORT: String(node.amqpPort),
      RABBITMQ_USER: user,
      RABBITMQ_PASSWORD_FILE: file,
    })
    const runtime = await connected({})
    const down = keep(runtime, 'connectionDown')
    await runtime.publish('send-email', 1)

    await node.api.put(['users', user], { password: 'second', tags: '' })
    await writeFile(file, 'second')
    const path = ['connections', 'username', user]
    await until(async () => ((await node.api.get(path)) as unknown[]).length > 0, 'the connection to be listed')
    await node.api.delete(path)
    await until(() => down.length > 0, 'the connection to be lost')

    await runtime.publish('send-email', 2)
    expect(runtime.isReady).toBe(true)
  })

  it('of OAuth are renewed on the open connection before they end', async () => {
    const lifetime = 8_000
    let firstEnds = 0
    let asked = 0
    const runtime = await connected({
      url: `amqp://127.0.0.1:${node.amqpPort}`,
      credentials: () => {
        asked++
        firstEnds ||= Date.now() + lifetime
        // The answer states half of the lifetime, so that a busy machine renews the token in time.
        return { username: '', password: node.token(lifetime), expiresIn: lifetime / 2 }
      },
    })
    const down = keep(runtime, 'connectionDown')
    const failed = keep(runtime, 'credentialsFailed')
    await runtime.publish('send-email', 1)

    await sleep(firstEnds + 1_000 - Date.now())
    await until(() => asked > 2, 'two renewals')
    await runtime.publish('send-email', 2)
    expect([down, failed]).toEqual([[], []])
  })

  it('of OAuth work as in the example of the guide', async () => {
    const folder = join(await temporaryFile(''), '..')
    const yaml = join(folder, 'topology.yaml')
    await writeFile(yaml, 'warren: 1\nproject: x\nqueues: { email: }\npublications: { send-email: { queue: email } }\n')
    const { text } = await compile({ paths: [yaml] })
    await writeFile(join(folder, 'topology.json'), text)
    environment({ WARREN_AMQP_URL: `amqp://127.0.0.1:${node.amqpPort}` })
    const before = process.cwd()
    onTestFinished(() => process.chdir(before))
    process.chdir(folder)

    const runtime = await connectByToken(async () => ({ access_token: node.token(60_000), expires_in: 60 }))
    expect(await runtime.publish('send-email', 1)).toMatchObject({ routingKey: 'email' })
    await runtime.close()
  })

  it('that are not available cause an error without secrets that says what to provide', async () => {
    const url = `amqp://127.0.0.1:${node.amqpPort}`
    const credentials = () => Promise.reject(new Error('the vault is sealed'))
    await expect(connected({ url, credentials, startTimeout: 300 })).rejects.toThrow(
      'credentials() failed: the vault is sealed — it has to resolve with { password }',
    )
  })
})
