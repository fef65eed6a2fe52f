import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { recordName } from '../../../src/model/generated-names.ts'
import { fakeApi } from '../../cli/faults/fake-api.ts'
import { files, ROOT } from '../support/command-line.ts'

const MEBIBYTE = 2 ** 20
/** Three times the memory of a command that prints the version. */
const BOUND = 400 * MEBIBYTE
/** Far more than the bound. */
const ENDLESS = 1_024 * MEBIBYTE
const POLLED = 20

/** Runs the built command line, and kills it when it exceeds the memory limit. */
async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const closed = once(child, 'close')
  let peak = 0
  while (child.exitCode === null && child.signalCode === null) {
    peak = Math.max(peak, peakOf(child.pid))
    if (peak > BOUND) child.kill('SIGKILL')
    await sleep(POLLED)
  }
  await closed
  return { code: child.exitCode, peak: peak > BOUND ? `${peak / MEBIBYTE} MiB` : 'bounded', stderr }
}

/** The peak memory of a process, in bytes; 0 if it has ended. */
function peakOf(pid = 0): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes ?? 0) * 1_024
  } catch {
    return 0
  }
}

/** A server that answers every request with a body far larger than any limit. */
async function endlessApi() {
  const part = Buffer.alloc(MEBIBYTE, ' ')
  const server = createServer((_request, response) => {
    let sent = 0
    const more = () => {
      while (sent < ENDLESS && !response.destroyed) {
        sent += part.length
        if (!response.write(part)) return void response.once('drain', more)
      }
      response.end('[]')
    }
    more()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://me:me@127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('the memory of a command', () => {
  it('is bounded for a response without end', async () => {
    await using api = await endlessApi()
    const args = ['owners', '--url', api.url, '--max-response', '16MB', '--retries', '0']

    expect(await run(args)).toMatchObject({ code: 6, peak: 'bounded', stderr: expect.stringContaining('16') })
  })

  it.each(['/dev/zero', 'huge.txt'])('is bounded for a reference to %s', async (path) => {
    const folder = await files({
      'topology.yaml': `warren: 1\nproject: p\nvhost: v\nqueues: { q: { arguments: { x: "\${file:${path}}" } } }\n`,
      'huge.txt': '',
    })
    const huge = openSync(join(folder, 'huge.txt'), 'r+')
    ftruncateSync(huge, ENDLESS)
    closeSync(huge)

    expect(await run(['validate', join(folder, 'topology.yaml')])).toMatchObject({ code: 3, peak: 'bounded' })
  })

  it('is bounded for a project that owns 100,000 objects', async () => {
    await using api = await fakeApi()
    const owned = Array.from({ length: 100_000 }, (_, n) => `queue:v/${String(n).padStart(100, 'q')}`)
    const value = { format: 2, project: 'shop', vhost: 'v', owned, adopted: [], intended: [], protected: [] }
    api.answerWith('/api/global-parameters', [{ name: recordName({ project: 'shop', vhost: 'v' }), value }])

    expect(await run(['owners', '--format', 'json', '--url', api.url])).toMatchObject({ code: 0, peak: 'bounded' })
  })
})
