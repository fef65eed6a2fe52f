import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { recordName } from '../../../src/model/generated-names.ts'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, startWarren } from '../support/command-line.ts'
import { faultProxy } from '../support/proxies/fault-proxy.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

/** How often each command is killed; many more times in a manual run. */
const KILLS = Number(process.env['WARREN_OWNER_KILLS'] ?? 3)
const SEED = Number(process.env['WARREN_OWNER_KILLS_SEED'] ?? Date.now() % 1_000)
/** The time limit of one test, in milliseconds. */
const PATIENCE = Math.max(600_000, KILLS * 60_000)
/** How long a run may continue after the request at which it is killed, in milliseconds. */
const LATEST = 40

const OBJECTS = [
  'exchanges:\n  events: { type: topic }',
  'queues:',
  '  bills: { type: classic, bindings: [{ exchange: events, routingKey: "bill.#" }] }',
  '  paid: { type: quorum, bindings: [{ exchange: events, routingKey: "paid.#" }] }',
  '  late: { type: quorum, deadLetter: true }',
  'policies:\n  limit: { pattern: "^bills$", applyTo: queues, definition: { max-length: 1000 } }\n',
].join('\n')
const NEIGHBOR =
  'exchanges:\n  others: { type: topic }\nqueues:\n  other: { type: quorum, bindings: [{ exchange: others, routingKey: "#" }] }\n' +
  '  more: { type: classic }\npolicies:\n  other: { pattern: "^other$", applyTo: queues, definition: { max-length: 10 } }\n'

/** Two projects that take over objects from each other, and a third one in the same vhost. */
async function place() {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const [one, two, neighbor] = ['one', 'two', 'neighbor'].map((each) => freshName(each)) as [string, string, string]
  const head = (project: string, more = '') => `warren: 1\nproject: ${project}\nvhost: ${vhost}\n${more}`
  const folder = await files({
    'one.yaml': `${head(one, `takesOver: [${two}]\n`)}${OBJECTS}`,
    'two.yaml': `${head(two, `takesOver: [${one}]\n`)}${OBJECTS}`,
    'neighbor.yaml': `${head(neighbor)}${NEIGHBOR}`,
  })
  const recordOf = async (project: string) =>
    (await api.get<{ value: { owned: string[] } }>(['global-parameters', recordName({ project, vhost })]))?.value
  const named = async (kind: string) => (await api.get<{ name?: string; routing_key?: string }[]>([kind, vhost])) ?? []
  /** Everything in the vhost except the locks of runs that have just died. */
  const everything = async () =>
    (await Promise.all(['queues', 'exchanges', 'bindings', 'policies'].map(named)))
      .flat()
      .map((each) => JSON.stringify([each.name, each.routing_key]))
      .filter((each) => !each.includes('warren.lock.'))
      .toSorted()
  expect(await warren(['apply', '-y', 'neighbor.yaml'], { folder })).toMatchObject({ code: 0 })
  const alone = await everything()
  return { folder, one, two, neighbor, recordOf, everything, alone }
}

/** Runs a command and kills it around its n-th request. Sometimes n is larger than the number of requests. */
async function killed(args: readonly string[], folder: string, random: () => number) {
  const running: { kill?: () => void } = {}
  const at = 1 + Math.floor(random() * 30)
  const delay = random() * LATEST
  await using proxy = await faultProxy((count) => {
    if (count === at) void sleep(delay).then(() => running.kill?.())
    return undefined
  })
  const child = await startWarren(args, { folder, environment: { WARREN_URL: proxy.url } })
  running.kill = () => child.kill('SIGKILL')
  const { signal } = await child.ended
  return signal === 'SIGKILL'
}

/** The broker frees the lock of a process that has died as soon as it notices. */
function afterLock(args: readonly string[], folder: string) {
  return until(async () => {
    const ended = await warren(args, { folder })
    return !(ended.stdout + ended.stderr).includes('another apply') && ended
  }, 'the lock to be free')
}

/** Repeatable numbers from 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed + 1
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

it(
  `a hand-over that is killed at random moments keeps every object, and is finished by the next run (seed ${SEED})`,
  {
    timeout: PATIENCE,
  },
  async () => {
    const { folder, one, two, neighbor, recordOf, everything } = await place()
    expect(await warren(['apply', '-y', 'one.yaml'], { folder })).toMatchObject({ code: 0 })
    const [objects, theirs, owned] = [await everything(), await recordOf(neighbor), (await recordOf(one))?.owned]
    const random = numbers(SEED)
    let kills = 0
    for (let turn = 0; kills < KILLS; turn += 1) {
      const [from, to, file] = turn % 2 === 0 ? [one, two, 'two.yaml'] : [two, one, 'one.yaml']
      if (await killed(['apply', '-y', file], folder, random)) kills += 1

      expect(await everything()).toEqual(objects)
      expect(await recordOf(neighbor)).toEqual(theirs)
      const known = [...((await recordOf(from))?.owned ?? []), ...((await recordOf(to))?.owned ?? [])]
      expect([...new Set(known)].toSorted()).toEqual(owned?.toSorted())
      expect(await afterLock(['apply', '-y', file], folder)).toMatchObject({ code: 0 })
      expect(await recordOf(from)).toBeUndefined()
      expect(await recordOf(to)).toMatchObject({ taken: [] })
      expect((await recordOf(to))?.owned.toSorted()).toEqual(owned?.toSorted())
      expect(await everything()).toEqual(objects)
      expect(await warren(['plan', '--detailed-exitcode', file], { folder })).toMatchObject({ code: 0 })
    }
  },
)

it(
  `a destroy that is killed at random moments touches nothing else, and is finished by the next run (seed ${SEED})`,
  {
    timeout: PATIENCE,
  },
  async () => {
    const { folder, one, neighbor, recordOf, everything, alone } = await place()
    const theirs = await recordOf(neighbor)
    const random = numbers(SEED)
    let kills = 0
    while (kills < KILLS) {
      expect(await warren(['apply', '-y', 'one.yaml'], { folder })).toMatchObject({ code: 0 })
      const destroy = ['destroy', 'one.yaml', '--confirm', one]
      if (await killed(destroy, folder, random)) kills += 1

      expect(await everything()).toEqual(expect.arrayContaining(alone))
      expect(await recordOf(neighbor)).toEqual(theirs)
      expect(await afterLock(destroy, folder)).toMatchObject({ code: 0 })
      expect(await everything()).toEqual(alone)
      expect(await recordOf(one)).toBeUndefined()
    }
    expect(await warren(['plan', '--detailed-exitcode', 'neighbor.yaml'], { folder })).toMatchObject({ code: 0 })
  },
)
