import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Routes } from '../../../src/model/routes.ts'
import { compiledProgram } from '../support/compiled-program.ts'
import { routesOf, runtimeVhost } from './runtime-vhost.ts'
import type { RuntimeVhost } from './runtime-vhost.ts'
import { until } from '../support/until.ts'

const program = await compiledProgram('email-worker')

/** A worker process, and its output so far. */
interface Worker {
  readonly process: ChildProcess
  readonly said: string[]
  readonly ended: Promise<number | NodeJS.Signals | null>
}

function startWorker(here: RuntimeVhost, routes: Routes): Worker {
  const onVhost = {
    publications: [],
    subscriptions: routes.subscriptions.map((each) => ({ ...each, vhost: here.vhost })),
  }
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, WARREN_AMQP_URL: here.url, TEST_ROUTES: JSON.stringify(onVhost) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line))
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal))
  })
  return { process: child, said, ended }
}

function numbers(lines: readonly string[], word: string): number[] {
  return lines.filter((line) => line.startsWith(`${word} `)).map((line) => Number(line.slice(word.length + 1)))
}

describe('a worker process', () => {
  it('that is killed again and again loses none of 200 emails (pitfall 17)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [50, 100] })
    const routes = routesOf('email', failure, { prefetch: 10, concurrency: 4 })
    const runtime = await here.connect({ publications: routes.publications })
    for (let n = 0; n < 200; n++) await runtime.publish('send-email', { n })

    const workers: Worker[] = []
    for (const emails of [5, 20, 30, 15, 25]) {
      const worker = startWorker(here, routes)
      workers.push(worker)
      await until(() => numbers(worker.said, 'begun').length >= emails, `${emails} emails`)
      worker.process.kill('SIGKILL')
      expect(await worker.ended).toBe('SIGKILL')
    }
    const last = startWorker(here, routes)
    workers.push(last)

    const done = (): Set<number> => new Set(workers.flatMap(({ said }) => numbers(said, 'done')))
    const dead = new Set<number>()
    await until(async () => {
      const message = await here.channel.get('email.dead', { noAck: true })
      if (!message) return done().size + dead.size === 200
      dead.add((JSON.parse(message.content.toString()) as { n: number }).n)
      expect(message.properties.headers).toMatchObject({ 'x-warren-attempt': 2, 'x-warren-reason': 'error' })
      return false
    }, 'every email to be processed or dead-lettered')

    expect([...dead].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n * 10 + 3))
    expect(done().size).toBe(180)
    last.process.kill('SIGTERM')
    expect(await last.ended).toBe(0)
    expect(await here.ready('email')).toBe(0)
  })

  it('ends by itself on SIGTERM when its work is done', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const worker = startWorker(here, routesOf('email', failure))
    await until(() => worker.said.includes('ready'), 'the worker')

    worker.process.kill('SIGTERM')

    expect(await worker.ended).toBe(0)
    expect(worker.said).toEqual(['ready', 'closed {"finished":0,"requeued":0,"aborted":0,"unconfirmed":0}'])
  })
})
