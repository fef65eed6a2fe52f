import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** How long an engine may take to answer, in milliseconds. */
const PATIENCE = 2_000

/**
 * Whether a Docker engine answers at the address that Testcontainers uses: `DOCKER_HOST`, or the usual sockets.
 * Returns within seconds even if a program accepts the connection and never answers.
 */
export async function dockerAnswers(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const host = environment['DOCKER_HOST']
  if (host) return hostAnswers(host, environment)
  const answers = await Promise.all(
    sockets(environment)
      .filter(existsSync)
      .map((socketPath) => pingAnswers({ socketPath })),
  )
  return answers.includes(true)
}

function sockets(environment: NodeJS.ProcessEnv): string[] {
  const run = environment['XDG_RUNTIME_DIR'] ?? (process.getuid && `/run/user/${process.getuid()}`)
  return [
    '/var/run/docker.sock',
    ...(run ? [join(run, 'docker.sock')] : []),
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.docker/desktop/docker.sock'),
  ]
}

function hostAnswers(host: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  if (host.startsWith('unix://')) return pingAnswers({ socketPath: host.slice('unix://'.length) })
  if (!URL.canParse(host)) return Promise.resolve(false)
  const { hostname, port } = new URL(host)
  if (!port) return Promise.resolve(false)
  // With TLS, the engine requires a client certificate before it answers.
  return environment['DOCKER_TLS_VERIFY']
    ? accepts(hostname, Number(port))
    : pingAnswers({ host: hostname, port: Number(port) })
}

function pingAnswers(to: { socketPath: string } | { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ ...to, path: '/_ping', timeout: PATIENCE }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asking.on('timeout', () => asking.destroy())
    asking.on('error', () => resolve(false))
    asking.on('close', () => resolve(false))
    asking.end()
  })
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE }, () => {
      resolve(true)
      socket.destroy()
    })
    socket.on('timeout', () => socket.destroy())
    socket.on('error', () => resolve(false))
    socket.on('close', () => resolve(false))
  })
}
