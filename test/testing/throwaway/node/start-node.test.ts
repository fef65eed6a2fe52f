import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { findServer, type InstalledServer } from '../../../../src/testing/throwaway/node/find-server.ts'
import { freePorts } from '../../../../src/testing/throwaway/node/free-ports.ts'
import { startNode } from '../../../../src/testing/throwaway/node/start-node.ts'
import { managementApi } from '../../../integration/support/brokers/management-api.ts'

const TIMEOUT = 180_000

const installed = await findServer(process.env)

let temporary: string
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'warren-test-'))
  vi.stubEnv('TMPDIR', temporary)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(temporary, { recursive: true })
})

describe.runIf(installed !== undefined)('a private node', () => {
  const server = installed as InstalledServer

  it('answers with its login alone and leaves nothing when stopped', async () => {
    const node = await startNode({ server, timeout: TIMEOUT })
    onTestFinished(() => node.stop())

    const api = managementApi(node.managementUrl, node)
    expect(await api.get(['whoami'])).toMatchObject({ name: node.username, tags: ['administrator'] })
    expect(await api.get(['users', 'guest'])).toBeUndefined()

    await node.stop()
    await node.stop()

    expect(existsSync(node.folder)).toBe(false)
    await expect(api.get(['overview'])).rejects.toThrow('fetch failed')
  })

  it('uses other ports when one is taken in the meantime', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as { port: number }
    let looks = 0
    const findPorts = async (count: number) => {
      looks += 1
      const ports = await freePorts(count)
      return looks === 1 ? ports.with(0, port) : ports
    }

    const node = await startNode({ server, timeout: TIMEOUT, findPorts })
    onTestFinished(() => node.stop())

    expect(looks).toBe(2)
    expect(await readdir(temporary)).toHaveLength(1)
  })

  it('leaves nothing behind of a node that is cancelled during its start', async () => {
    const controller = new AbortController()
    const starting = startNode({ server, timeout: TIMEOUT, signal: controller.signal })
    void vi
      .waitUntil(() => readdir(temporary).then((names) => names.length > 0), { timeout: TIMEOUT })
      .then(() => controller.abort())

    await expect(starting).rejects.toThrow('aborted')

    expect(await readdir(temporary)).toEqual([])
  })

  it('is stopped if its start takes too long', async () => {
    await expect(startNode({ server, timeout: 100 })).rejects.toThrow('it did not answer within 0.1 s')

    expect(await readdir(temporary)).toEqual([])
  })
})

it('prints the output of a server that does not start, and leaves nothing behind', async () => {
  const script = join(await mkdtemp(join(tmpdir(), 'server-')), 'rabbitmq-server')
  onTestFinished(() => rm(script, { force: true }))
  await writeFile(script, '#!/bin/sh\necho "Erlang is too old"\nexit 3\n', { mode: 0o755 })

  const start = startNode({ server: { script, path: process.env['PATH'] ?? '' }, timeout: TIMEOUT })

  await expect(start).rejects.toThrow(
    expect.objectContaining({
      name: 'WarrenError',
      code: 'BROKER_NOT_STARTED',
      message: `RabbitMQ did not start (${script}): it ended with exit code 3\nErlang is too old`,
    }),
  )
  expect((await readdir(temporary)).filter((name) => name.startsWith('warren-broker-'))).toEqual([])
})
