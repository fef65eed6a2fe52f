import { readFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { forEachConcurrent } from '../../../src/apply/for-each-concurrent.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { command } from '../support/command-in-process.ts'
import { files, managementUrl, startWarren } from '../support/command-line.ts'
import { everyChange, type EveryChange } from '../support/cases/every-change.ts'
import { closeLock } from '../support/close-lock.ts'
import { type FaultProxy, faultProxy, type Trouble } from '../support/proxies/fault-proxy.ts'
import { type State, untruths, wrongRecord } from './report-truth.ts'
import { until } from '../support/until.ts'

/** `all`: a kill at every request, which takes a long time. By default at some of them, different ones in each run. */
const ALL = process.env['WARREN_FAULTS'] === 'all'
const SEED = Number(process.env['WARREN_FAULTS_SEED'] ?? Date.now() % 1_000)
const CASES = 10
const AT_ONCE = 5

async function stateOf(change: EveryChange): Promise<State> {
  return { pending: await change.pending(), live: await change.live(), record: await change.record() }
}

/** Runs the built command line through a proxy that may disturb it. */
async function run(change: EveryChange, proxy: FaultProxy, more: readonly string[] = []) {
  return startWarren(['apply', ...change.args, '-y', '--format', 'json', ...more], {
    environment: { WARREN_URL: proxy.url },
  })
}

/** The broker frees the lock of a process that has died as soon as it notices. */
async function applyAgain(change: EveryChange) {
  return until(async () => {
    const ended = await change.run('apply', '-y')
    return !ended.stderr.includes('another apply') && ended
  }, 'the lock to be free')
}

async function complaintsAfterKill(at: number, isPassedOn: boolean): Promise<string[]> {
  await using change = await everyChange()
  const before = await stateOf(change)
  const running: { kill?: () => void } = {}
  const trouble: Trouble = (count) => {
    if (count < at) return undefined
    if (isPassedOn) return count === at ? 'swallows the answer' : 'swallows the request'
    running.kill?.()
    return 'swallows the request'
  }
  await using proxy = await faultProxy(trouble, { onSwallowed: () => running.kill?.() })
  const child = await run(change, proxy)
  running.kill = () => child.kill('SIGKILL')
  const { signal } = await child.ended
  const wrong = signal === 'SIGKILL' ? wrongRecord(new Map(), before, await stateOf(change)) : ['it was not killed']
  const again = await applyAgain(change)
  const rest = await change.run('plan', '--detailed-exitcode')
  const touched = (await change.missingByHand()).filter((each) => each.endsWith('/stays'))
  return [
    ...wrong,
    ...(again.code === 0 ? [] : [`the next run ended with ${again.code}: ${again.stdout}${again.stderr}`]),
    ...(rest.code === 0 ? [] : [`a plan after it ended with ${rest.code}: ${rest.stdout}${rest.stderr}`]),
    ...touched.map((each) => `${each} is lost, and nothing had to do with it`),
  ].map((each) => `killed ${isPassedOn ? 'after' : 'before'} request ${at}: ${each}`)
}

/** Counts the requests of an undisturbed apply. */
async function requestsOfAll(): Promise<number> {
  await using change = await everyChange()
  await using proxy = await faultProxy(() => undefined)
  const ended = await command(['apply', ...change.args, '-y'], { WARREN_URL: proxy.url })
  if (ended.code !== 0) throw new Error(ended.stdout + ended.stderr)
  return proxy.count()
}

describe('an apply whose process is killed', () => {
  it('leaves true records, and the next run does the rest', { timeout: 7_200_000 }, async () => {
    const { version } = await testBroker()
    const requests = await requestsOfAll()
    const all = Array.from({ length: requests - 1 }, (_, at) => at + 1).flatMap((at) =>
      [false, true].map((isPassedOn) => ({ at, isPassedOn })),
    )
    const step = Math.ceil(all.length / CASES) | 1
    const cases = ALL ? all : all.filter((_, index) => (index + SEED) % step === 0)
    process.stdout.write(
      `Kills on RabbitMQ ${version}: ${cases.length} cases over ${requests} requests, WARREN_FAULTS_SEED=${SEED}\n`,
    )
    const complaints: string[] = []
    await forEachConcurrent(cases, AT_ONCE, async ({ at, isPassedOn }) => {
      const found = await complaintsAfterKill(at, isPassedOn).catch((error: unknown) => [`${at}: ${inspect(error)}`])
      complaints.push(...found)
    })

    expect(complaints).toEqual([])
  })
})

describe('an apply that is asked to stop', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s finishes work in progress, writes its report and exits with %i', async (signal, code) => {
    await using change = await everyChange()
    const before = await stateOf(change)
    const report = `${await files({})}/report.json`
    const running: { stop?: () => Promise<void> } = {}
    let stopped = false
    const stopAtFirstObject: Trouble = async (_count, { method, path }) => {
      if (stopped || method !== 'PUT' || path.includes('/global-parameters/warren.')) return undefined
      stopped = true
      await running.stop?.()
      return undefined
    }
    await using proxy = await faultProxy(stopAtFirstObject)
    const child = await run(change, proxy, ['--report', `json=${report}`, '--parallelism', '1'])
    running.stop = () => child.tellToStop(signal)
    const ended = await child.ended

    expect(ended).toMatchObject({ code, signal: null })
    expect(await readFile(report, 'utf8')).toBe(ended.stdout)
    const { outcomes } = (JSON.parse(ended.stdout) as { report: { outcomes: { status: string }[] } }).report
    expect(outcomes.filter(({ status }) => status === 'done')).toHaveLength(1)
    const truth = untruths({ ...ended, code: 7 }, before, await stateOf(change))
    expect(truth).toEqual([])
    expect(await applyAgain(change)).toMatchObject({ code: 0 })
    expect(await change.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  })

  it('ends immediately after a second signal, and reports it', async () => {
    await using change = await everyChange()
    const report = `${await files({})}/report.json`
    const running: { stop?: () => Promise<void>; kill?: () => void } = {}
    await using proxy = await faultProxy(async (_count, { method, path }) => {
      if (method !== 'PUT' || path.includes('/global-parameters/warren.')) return undefined
      await running.stop?.()
      running.kill?.()
      return 'swallows the answer'
    })
    const child = await run(change, proxy, ['--report', `json=${report}`, '--parallelism', '1'])
    running.stop = () => child.tellToStop('SIGINT')
    running.kill = () => child.kill('SIGINT')

    const ended = await child.ended
    expect(ended).toMatchObject({ code: 130, stdout: await readFile(report, 'utf8') })
    expect(JSON.parse(ended.stdout)).toEqual({
      format: 1,
      code: 'INTERRUPTED',
      error: expect.stringContaining('stopped at once by a second signal'),
    })
  })

  it('reports that nothing was begun if it is stopped early enough', async () => {
    await using change = await everyChange()
    const report = `${await files({})}/report.json`
    const running: { kill?: () => void } = {}
    await using proxy = await faultProxy(() => {
      running.kill?.()
      return 'swallows the request'
    })
    const child = await run(change, proxy, ['--report', `json=${report}`])
    running.kill = () => child.kill('SIGINT')

    const ended = await child.ended
    expect(ended).toMatchObject({ code: 130, stdout: await readFile(report, 'utf8') })
    expect(JSON.parse(ended.stdout)).toEqual({
      format: 1,
      code: 'INTERRUPTED',
      error: 'interrupted before anything was done',
    })
  })

  it('starts no further change after it has lost its lock, exits with 7 and reports the reason', async () => {
    await using change = await everyChange()
    const before = await stateOf(change)
    let lost = false
    await using proxy = await faultProxy(async (_count, { method, path }) => {
      if (lost || method !== 'PUT' || path.includes('/global-parameters/warren.')) return undefined
      lost = true
      await closeLock(change.vhost)
      return undefined
    })
    const args = ['apply', ...change.args, '-y', '--format', 'json', '--parallelism', '1', '--timeout', '60s']
    const ended = await command(args, { WARREN_URL: proxy.url })

    expect(ended.code).toBe(7)
    expect(JSON.parse(ended.stdout)).toMatchObject({ report: { lockLost: true, interrupted: true } })
    expect(untruths(ended, before, await stateOf(change))).toEqual([])
    expect(await change.run('apply', '-y')).toMatchObject({ code: 0 })
    expect(await change.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  })
})

describe('an apply that cannot reach AMQP', () => {
  it('creates and updates, and says in its header that it has no lock', async () => {
    await using change = await everyChange()
    const topology = await files({
      'more.yaml': `warren: 1\nproject: other\nvhost: ${change.vhost}\nqueues:\n  more: { type: classic }\n`,
    })
    const environment = { WARREN_URL: await managementUrl() }
    const ended = await command(
      ['apply', `${topology}/more.yaml`, '-y', '--amqp-url', 'amqp://127.0.0.1:1'],
      environment,
    )

    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/127\.0\.0\.1:1/) })
  })

  it('blocks changes that delete or replace objects, with exit code 4', async () => {
    await using change = await everyChange()
    const before = await stateOf(change)
    const ended = await change.run('apply', '-y', '--amqp-url', 'amqp://127.0.0.1:1')

    expect(ended).toMatchObject({ code: 4, stdout: expect.stringContaining(`queue:${change.vhost}/gone`) })
    expect(await change.pending()).toEqual(before.pending)
  })
})
