import { describe, expect, it } from 'vitest'
import { forEachConcurrent } from '../../../src/apply/for-each-concurrent.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { command } from '../support/command-in-process.ts'
import { everyChange, type EveryChange } from '../support/cases/every-change.ts'
import { type Fault, faultProxy, FAULTS, type Trouble } from '../support/proxies/fault-proxy.ts'
import { THOROUGH } from '../../thorough.ts'
import { type State, untruths } from './report-truth.ts'

/**
 * `all`: every fault at every request, which takes a long time. By default some of them, different ones in each run.
 */
const ALL = process.env['WARREN_FAULTS'] === 'all'
/** Each run prints its seed. With that seed, a run has the same cases. */
const SEED = Number(process.env['WARREN_FAULTS_SEED'] ?? Date.now() % 1_000)
/** The number of cases without `all`. */
const CASES = 12 * THOROUGH
/** A case spends most of its time waiting. */
const AT_ONCE = Number(process.env['WARREN_FAULTS_AT_ONCE'] ?? 10)

const NAMES = Object.keys(FAULTS) as Fault[]

interface Case {
  /** The request that has the fault. */
  readonly at: number
  readonly fault: Fault
  /** Whether all later requests have it too. */
  readonly forGood: boolean
}

function casesFor(requests: number): Case[] {
  const all = Array.from({ length: requests }, (_, at) => at + 1).flatMap((at) =>
    NAMES.flatMap((fault) => [true, false].map((forGood) => ({ at, fault, forGood }))),
  )
  if (ALL) return all
  // A step that is coprime to the number of faults reaches all of them.
  const step = Math.ceil(all.length / CASES)
  return all.filter((_, index) => (index + SEED) % (step + (step % 2 === 0 ? 1 : 0)) === 0)
}

async function stateOf(change: EveryChange): Promise<State> {
  const [pending, live, record] = [await change.pending(), await change.live(), await change.record()]
  return { pending, live, record }
}

/** Applies through a proxy. Returns the number of requests. */
async function applyThrough(change: EveryChange, trouble: Trouble, more: readonly string[]) {
  await using proxy = await faultProxy(trouble)
  const args = ['apply', ...change.args, '-y', '--format', 'json', ...more]
  return { ended: await command(args, { WARREN_URL: proxy.url }), requests: proxy.count() }
}

async function requestsOfAll(): Promise<number> {
  await using change = await everyChange()
  const { ended, requests } = await applyThrough(change, () => undefined, [])
  if (ended.code !== 0) throw new Error(ended.stdout + ended.stderr)
  return requests
}

async function complaintsAbout({ at, fault, forGood }: Case): Promise<string[]> {
  await using change = await everyChange()
  const before = await stateOf(change)
  const more = ['--retries', forGood ? '1' : '0', '--timeout', '2s']
  const { ended } = await applyThrough(change, (n) => ((forGood ? n >= at : n === at) ? fault : undefined), more)
  const wrong = untruths(ended, before, await stateOf(change))
  const again = await change.run('apply', '-y')
  const rest = await change.run('plan', '--detailed-exitcode')
  const lost = (await change.missingByHand()).filter((each) => !ended.stdout.includes(each))
  return [
    ...wrong,
    ...(again.code === 0 ? [] : [`the next run ended with ${again.code}: ${again.stdout}${again.stderr}`]),
    ...(rest.code === 0 ? [] : [`a plan after it ended with ${rest.code}: ${rest.stdout}${rest.stderr}`]),
    ...lost.map((each) => `${each} is lost without a report`),
  ].map((each) => `request ${at} ${fault}${forGood ? ' for good' : ''}: ${each}`)
}

describe('an apply through a connection that fails', () => {
  it('does everything if nothing fails', async () => {
    await using change = await everyChange()
    const before = await stateOf(change)
    const { ended } = await applyThrough(change, () => undefined, [])

    expect(untruths(ended, before, await stateOf(change))).toEqual([])
    expect(ended.code).toBe(0)
    expect(await change.pending()).toEqual([])
    expect(await change.missingByHand()).toEqual([])
  })

  it(
    'reports the truth, ends with the correct exit code, and the next run does the rest',
    { timeout: 7_200_000 },
    async () => {
      const { version } = await testBroker()
      const requests = await requestsOfAll()
      const cases = casesFor(requests)
      process.stdout.write(
        `Faults on RabbitMQ ${version}: ${cases.length} cases over ${requests} requests, WARREN_FAULTS_SEED=${SEED}\n`,
      )
      const complaints: string[] = []
      await forEachConcurrent(cases, AT_ONCE, async (each) => {
        const found = await complaintsAbout(each).catch((error: unknown) => [
          `${JSON.stringify(each)}: ${String(error)}`,
        ])
        complaints.push(...found)
      })

      expect(complaints).toEqual([])
    },
  )
})
