import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  type BackgroundBroker,
  startBackgroundBroker,
  statusBackgroundBroker,
  stopBackgroundBroker,
} from '../../src/broker/background-broker.ts'
import { managementApi } from '../integration/management-api.ts'
import { processesWith } from './running-processes.ts'

describe('a broker in the background', () => {
  it('is started once, remembered, and stopped without leaving anything', async () => {
    const project = await freshProject()
    const environment = { PATH: process.env['PATH'] }

    const first = await startBackgroundBroker({ project, environment })
    const again = await startBackgroundBroker({ project, environment })

    expect(first.started).toBe(true)
    expect(again).toEqual({ broker: first.broker, started: false })
    expect(await statusBackgroundBroker({ project })).toEqual(first.broker)
    const overview = await managementApi(first.broker.managementUrl, first.broker).get(['overview'])
    expect(overview).toMatchObject({ rabbitmq_version: first.broker.version })

    expect(await stopBackgroundBroker({ project })).toEqual(first.broker)
    expect(await statusBackgroundBroker({ project })).toBeUndefined()
    expect(await stopBackgroundBroker({ project })).toBeUndefined()
    expect(existsSync(folderOf(first.broker))).toBe(false)
    expect(existsSync(join(project, '.warren/broker.json'))).toBe(false)
  })

  it('keeps its password from others and out of the repository', async () => {
    const project = await freshProject()
    await startBackgroundBroker({ project, environment: { PATH: process.env['PATH'] } })

    const { mode } = await stat(join(project, '.warren/broker.json'))
    expect((mode & 0o777).toString(8)).toBe('600')
    expect(await readFile(join(project, '.warren/.gitignore'), 'utf8')).toBe('*\n')
  })

  it('is one, and the same for both, when two start it at once', async () => {
    const project = await freshProject()
    const environment = { PATH: process.env['PATH'] }

    const both = await Promise.all([
      startBackgroundBroker({ project, environment }),
      startBackgroundBroker({ project, environment }),
    ])

    expect(both.filter(({ started }) => started)).toHaveLength(1)
    expect(both[0].broker).toEqual(both[1].broker)
    expect(await statusBackgroundBroker({ project })).toEqual(both[0].broker)
  })
})

// Processes are looked for in /proc.
describe.runIf(process.platform === 'linux')('a broker in the background whose keeper was killed', () => {
  it('is gone for all, and nothing of it is left once somebody asks', async () => {
    const project = await freshProject()
    const { broker } = await startBackgroundBroker({ project, environment: { PATH: process.env['PATH'] } })
    const folder = folderOf(broker)
    const [server] = processesWith(folder)
    expect(server?.environment).toContain(`WARREN_BROKER_FOLDER=${folder}`)
    await killKeeper(folder)

    expect(await statusBackgroundBroker({ project })).toBeUndefined()

    expect(processesWith(folder)).toEqual([])
    expect(existsSync(folder)).toBe(false)
    expect(existsSync(join(project, '.warren/broker.json'))).toBe(false)
  })

  it('does not stand in the way of another', async () => {
    const project = await freshProject()
    const environment = { PATH: process.env['PATH'] }
    const first = await startBackgroundBroker({ project, environment })
    await killKeeper(folderOf(first.broker))

    const second = await startBackgroundBroker({ project, environment })

    expect(second.started).toBe(true)
    expect(processesWith(folderOf(first.broker))).toEqual([])
  })
})

/** The keeper is the parent of the server. */
async function killKeeper(folder: string): Promise<void> {
  const stat = await Promise.all(processesWith(folder).map(({ pid }) => readFile(`/proc/${pid}/stat`, 'utf8')))
  const parents = new Set(stat.map((line) => Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1])))
  const keepers = processesWith('broker/keeper.js').filter(({ pid }) => parents.has(pid))
  for (const { pid } of keepers) {
    process.kill(pid, 'SIGKILL')
    await vi.waitUntil(() => hasEnded(pid))
  }
}

/** Whether the system has closed all that a process held, its sockets included: its first thread is gone a moment before the others. */
async function hasEnded(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return true
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  return 'ZX'.includes(stat.charAt(stat.lastIndexOf(')') + 2)) && threads.length <= 1
}

async function freshProject(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'warren-test-'))
  onTestFinished(async () => {
    await stopBackgroundBroker({ project })
    await rm(project, { recursive: true })
  })
  return project
}

function folderOf({ runs }: BackgroundBroker): string {
  return 'folder' in runs ? runs.folder : ''
}
