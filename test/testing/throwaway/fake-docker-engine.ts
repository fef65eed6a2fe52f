import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, type Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'

/**
 * The part of Docker's API that Testcontainers needs, because an engine is not available everywhere: containers are
 * servers in this process.
 */
export interface FakeDockerEngine {
  /** The value for `DOCKER_HOST`. */
  readonly host: string
  /** The images of the containers that run, and their environments. */
  running(): { image: string; environment: readonly string[] }[]
  close(): void
}

/** An image tag that neither the engine nor its registry has. */
export const MISSING_IMAGE = 'missing'

interface Container {
  readonly Image: string
  readonly Env?: readonly string[]
  readonly Labels: Record<string, string>
  readonly ExposedPorts?: Record<string, object>
  readonly servers: Map<string, Server>
  isRunning: boolean
}

/** `serve` creates the server of a container's port, such as `15672/tcp`. */
export async function fakeDockerEngine(
  serve: (port: string, environment: readonly string[]) => Server,
): Promise<FakeDockerEngine> {
  const containers = new Map<string, Container>()

  const engine = createServer((request, response) => void respond(request, response))

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const { pathname } = new URL(request.url ?? '', 'http://engine')
    const [, kind, id = '', action] = pathname.replace(/^\/v[\d.]+/, '').split('/')
    const answer = (status: number, value?: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(value === undefined ? '' : JSON.stringify(value))
    const container = containers.get(id)

    if (kind === '_ping') answer(200, 'OK')
    else if (kind === 'info')
      answer(200, { OperatingSystem: 'fake', ServerVersion: '1', OSType: 'linux', Architecture: 'x86_64' })
    else if (kind === 'images') answer(pathname.includes(MISSING_IMAGE) || id === 'create' ? 404 : 200, { Id: 'image' })
    else if (kind === 'containers' && id === 'json') answer(200, [])
    else if (kind === 'containers' && id === 'create') {
      const name = `container-${containers.size + 1}`
      containers.set(name, { ...(JSON.parse(body) as Container), servers: new Map(), isRunning: false })
      answer(201, { Id: name })
    } else if (!container) answer(404, { message: `no ${request.method} ${pathname}` })
    else if (request.method === 'DELETE') {
      stop(container)
      containers.delete(id)
      answer(204)
    } else if (action === 'start') {
      container.isRunning = true
      for (const port of Object.keys(container.ExposedPorts ?? {})) {
        const server = serve(port, container.Env ?? []).listen(0, '127.0.0.1')
        await once(server, 'listening')
        container.servers.set(port, server)
      }
      answer(204)
    } else if (action === 'stop') {
      stop(container)
      answer(204)
    } else if (action === 'json') answer(200, inspect(id, container))
    else answer(501, { message: `no ${request.method} ${pathname}` })
  }
  engine.listen(0, '127.0.0.1')
  await once(engine, 'listening')

  return {
    host: `tcp://127.0.0.1:${portOf(engine)}`,
    running: () =>
      [...containers.values()]
        .filter(({ isRunning }) => isRunning)
        .map(({ Image, Env }) => ({ image: Image, environment: Env ?? [] })),
    close() {
      for (const container of containers.values()) stop(container)
      engine.close()
      engine.closeAllConnections()
    },
  }
}

function inspect(id: string, { Labels, isRunning, servers, Image }: Container) {
  const ports = [...servers].map(([port, server]) => [
    port,
    [{ HostIp: '127.0.0.1', HostPort: String(portOf(server)) }],
  ])
  return {
    Id: id,
    Name: `/${id}`,
    Config: { Hostname: id, Labels, Image },
    State: { Status: isRunning ? 'running' : 'exited', Running: isRunning, StartedAt: new Date().toISOString() },
    NetworkSettings: { Networks: {}, Ports: Object.fromEntries(ports) as object },
    HostConfig: {},
  }
}

function stop(container: Container): void {
  container.isRunning = false
  for (const server of container.servers.values()) server.close()
}

function portOf(server: Server | HttpServer): number {
  return (server.address() as AddressInfo).port
}

/** A port that accepts connections and sends nothing. */
export function silentPort(): Server {
  return createTcpServer()
}
