import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest'
import { type ManagementApi, managementApi } from './management-api.ts'
import { waitForQuickStatistics } from './quick-statistics.ts'
import { type StartedTestBroker, startTestBroker } from './start-test-broker.ts'

/** The broker of the run, with the login of an administrator. */
export interface TestBroker extends Omit<StartedTestBroker, 'stop' | typeof Symbol.asyncDispose> {
  readonly api: ManagementApi
}

/** Cleans up after one test; `onTestFinished` by default, `afterAll` for what the tests of a file share. */
type AtEnd = (cleanUp: () => Promise<void>) => void

let asked: Promise<TestBroker> | undefined

/** The broker of the run, which is started for the first test that asks for it. */
export function testBroker(): Promise<TestBroker> {
  return (asked ??= ask())
}

/** Gives the tests of this file their own broker with some plugins, because they would affect other tests. */
export function ownBroker(plugins: readonly string[] = []): void {
  let broker: StartedTestBroker | undefined
  let before: Promise<TestBroker> | undefined
  beforeAll(async () => {
    broker = await startTestBroker(plugins)
    before = asked
    asked = Promise.resolve(asTestBroker(broker))
  })
  afterAll(async () => {
    // The next file of this worker uses the broker of the run.
    asked = before
    await broker?.stop()
  })
}

async function ask(): Promise<TestBroker> {
  const response = await fetch(inject('brokerGate'))
  const answer = await response.text()
  if (!response.ok) throw new Error(answer)
  return asTestBroker(JSON.parse(answer) as Omit<TestBroker, 'api'>)
}

function asTestBroker(broker: Omit<TestBroker, 'api'>): TestBroker {
  if (broker.quickStatistics) waitForQuickStatistics()
  return { ...broker, api: managementApi(broker.managementUrl, broker) }
}

/** Creates a virtual host with a unique name and all rights for the administrator. It is deleted afterwards. */
export async function freshVhost(atEnd: AtEnd = onTestFinished, prefix = 'vhost'): Promise<string> {
  const { api, username } = await testBroker()
  const vhost = freshName(prefix)
  atEnd(() => removeVhost(api, vhost))
  await api.put(['vhosts', vhost])
  await api.put(['permissions', vhost, username], { configure: '.*', write: '.*', read: '.*' })
  return vhost
}

/**
 * Removes a virtual host together with warren's records about it. The broker keeps these, and every plan on the same
 * broker would read them.
 */
async function removeVhost(api: ManagementApi, vhost: string): Promise<void> {
  await api.delete(['vhosts', vhost])
  const parameters = (await api.get<{ name: string; value: unknown }[]>(['global-parameters'])) ?? []
  const records = parameters.filter((parameter) => JSON.stringify(parameter).includes(vhost))
  await Promise.all(records.map(({ name }) => api.delete(['global-parameters', name])))
}

/** Creates a user with a unique name, and with the given tags and rights or none. It is deleted afterwards. */
export async function freshUser(
  rights: {
    readonly tags?: string
    readonly permissions?: Readonly<Record<string, { configure: string; write: string; read: string }>>
  } = {},
  atEnd: AtEnd = onTestFinished,
): Promise<{ username: string; password: string }> {
  const { api } = await testBroker()
  const username = freshName('user')
  const password = randomBytes(12).toString('hex')
  atEnd(() => api.delete(['users', username]))
  await api.put(['users', username], { password, tags: rights.tags ?? '' })
  for (const [vhost, permission] of Object.entries(rights.permissions ?? {})) {
    await api.put(['permissions', vhost, username], permission)
  }
  return { username, password }
}

/** A name that no other test uses. */
export function freshName(kind: string): string {
  return `test-${kind}-${randomBytes(6).toString('hex')}`
}

/** The AMQP URL of a virtual host, with a login: for `connect` of the runtime and of amqplib. */
export async function amqpUrl(vhost: string, login?: { username: string; password: string }): Promise<string> {
  const broker = await testBroker()
  const url = new URL(broker.amqpUrl)
  const { username, password } = login ?? broker
  return `${url.protocol}//${encodeURIComponent(username)}:${encodeURIComponent(password)}@${url.host}/${encodeURIComponent(vhost)}`
}
