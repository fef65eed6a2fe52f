import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type BackgroundBroker,
  startBackgroundBroker,
  statusBackgroundBroker,
  stopBackgroundBroker,
} from '../../../src/testing/throwaway/background-broker.ts'
import { managementApi } from '../../integration/support/brokers/management-api.ts'
import { processesWith } from './running-processes.ts'

const environment = { PATH: process.env['PATH'] }

// A start takes seconds, so the tests of each story share a broker, and run in this order.
describe.sequential('a broker in the background', () => {
  let project: string
  let both: readonly Awaited<ReturnType<typeof startBackgroundBroker>>[]
  beforeAll(async () => {
    project = await freshProject()
    both = await Promise.all([
      startBackgroundBroker({ project, environment }),
      startBackgroundBroker({ project, environment }),
    ])
  })

  it('is the same for both when two processes start it at once', async () => {
    const [one, other] = both

    expect(both.filter(({ started }) => started)).toHaveLength(1)
    expect(one?.broker).toEqual(other?.broker)
    expect(await statusBackgroundBroker({ project })).toEqual(one?.broker)
  })

  it('protects its password from other users and from the repository', async () => {
    const { mode } = await stat(join(project, '.warren/broker.json'))
    expect((mode & 0o777).toString(8)).toBe('600')
    expect(await readFile(join(project, '.warren/.gitignore'), 'utf8')).toBe('*\n')
  })

  it('is started once, remembered, and stopped without leftovers', async () => {
    const { broker, started } = await startBackgroundBroker({ project, environment })

    expect(started).toBe(false)
    expect(broker).toEqual(both[0]?.broker)
    const overview = await managementApi(broker.managementUrl, broker).get(['overview'])
    expect(overview).toMatchObject({ rabbitmq_version: broker.version })

    expect(await stopBackgroundBroker({ project })).toEqual(broker)
    expect(await statusBackgroundBroker({ project })).toBeUndefined()
    expect(await stopBackgroundBroker({ project })).toBeUndefined()
    expect(existsSync(folderOf(broker))).toBe(false)
    expect(existsSync(join(project, '.warren/broker.json'))).toBe(false)
  })
})

// The test finds processes in /proc.
describe.runIf(process.platform === 'linux').sequential('a broker in the background whose keeper was killed', () => {
  let project: string
  let broker: BackgroundBroker
  beforeAll(async () => {
    project = await freshProject()
    broker = (await startBackgroundBroker({ project, environment })).broker
  })

  it('does not prevent another broker', async () => {
    const first = folderOf(broker)
    await killKeeper(first)

    const second = await startBackgroundBroker({ project, environment })
    broker = second.broker

    expect(second.started).toBe(true)
    expect(processesWith(first)).toEqual([])
  })

  it('is stopped for all of its users, and leaves nothing behind', async () => {
    const folder = folderOf(broker)
    const [server] = processesWith(folder)
    expect(server?.environment).toContain(`WARREN_BROKER_FOLDER=${folder}`)
    await killKeeper(folder)

    expect(await statusBackgroundBroker({ project })).toBeUndefined()

    expect(processesWith(folder)).toEqual([])
    expect(existsSync(folder)).toBe(false)
    expect(existsSync(join(project, '.warren/broker.json'))).toBe(false)
  })
})

/** The keeper is the parent of the server. */
async function killKeeper(folder: string): Promise<void> {
  const stat = await Promise.all(processesWith(folder).map(({ pid }) => readFile(`/proc/${pid}/stat`, 'utf8')))
  const parents = new Set(stat.map((line) => Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1])))
  const keepers = processesWith('/keeper.js').filter(({ pid }) => parents.has(pid))
  for (const { pid } of keepers) {
    process.kill(pid, 'SIGKILL')
    await vi.waitUntil(() => hasEnded(pid))
  }
}

/**
 * Whether the system has closed all files and sockets of a process: its first thread ends shortly before the others.
 */
async function hasEnded(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return true
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  return 'ZX'.includes(stat.charAt(stat.lastIndexOf(')') + 2)) && threads.length <= 1
}

async function freshProject(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'warren-test-'))
  afterAll(async () => {
    await stopBackgroundBroker({ project })
    await rm(project, { recursive: true })
  })
  return project
}

function folderOf({ runs }: BackgroundBroker): string {
  return 'folder' in runs ? runs.folder : ''
}
