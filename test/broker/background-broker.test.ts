import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type BackgroundBroker,
  startBackgroundBroker,
  statusBackgroundBroker,
  stopBackgroundBroker,
} from '../../src/broker/background-broker.ts'
import { managementApi } from '../integration/management-api.ts'

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
