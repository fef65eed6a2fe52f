import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dockerAnswers } from '../../../../src/testing/throwaway/docker/docker-engine.ts'

describe('dockerAnswers', () => {
  it('is true if an engine answers, on a port or a socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warren-test-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const engine = () =>
      createHttpServer((request, response) => response.writeHead(request.url === '/_ping' ? 200 : 404).end())
    const port = await listen(engine())
    const path = join(folder, 'docker.sock')
    await listen(engine(), path)

    expect(await dockerAnswers({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })).toBe(true)
    expect(await dockerAnswers({ DOCKER_HOST: `unix://${path}` })).toBe(true)
    expect(await dockerAnswers({ XDG_RUNTIME_DIR: folder })).toBe(true)
  })

  it('is false if nothing listens, or if the address is invalid', async () => {
    const closed = createServer()
    const port = await listen(closed)
    closed.close()

    expect(await dockerAnswers({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })).toBe(false)
    expect(await dockerAnswers({ DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1' })).toBe(false)
    expect(await dockerAnswers({ DOCKER_HOST: 'unix:///nowhere/docker.sock' })).toBe(false)
    expect(await dockerAnswers({ DOCKER_HOST: 'ssh://somebody@somewhere' })).toBe(false)
    expect(await dockerAnswers({ DOCKER_HOST: 'nonsense' })).toBe(false)
  })

  it('is false if a server accepts the connection and never answers', async () => {
    const port = await listen(createServer(() => {}))

    expect(await dockerAnswers({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })).toBe(false)
  })
})

async function listen(server: Server, path?: string): Promise<number> {
  server.listen(path === undefined ? { port: 0, host: '127.0.0.1' } : { path })
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}
