import { describe, expect, it, onTestFinished } from 'vitest'
import { addressOf } from '../../../src/model/address.ts'
import { type Kind, KINDS, type ObjectOf, objectsOf, type Topology } from '../../../src/model/topology.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { BY_HAND } from '../../objects/by-hand.ts'
import { declaring, surroundings } from '../../objects/kind-cases.ts'
import { PROPERTY_CASES } from '../../objects/property-cases.ts'
import type { Place, PropertyCase } from '../../objects/property-case.ts'
import { vhost } from '../../builders/objects.ts'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { converge, planLive, withClient } from '../support/converge.ts'

// Tests each cell of docs/reference/objects.md on the broker of the run.

/**
 * The name is always the same, because the broker stores the name of a global parameter as an atom and never forgets
 * it.
 */
const PARAMETER = 'warren-objects'

/** A place without any object of the kind. */
async function freshPlace(kind: Kind): Promise<Place> {
  const { api } = await testBroker()
  const place = { vhost: await freshVhost(), user: freshName('user'), parameter: PARAMETER }
  if (kind === 'vhost') await api.delete(['vhosts', place.vhost])
  onTestFinished(async () => {
    await BY_HAND.vhost.remove(api, vhost(place.vhost))
    await api.delete(['users', place.user])
    await api.delete(['global-parameters', PARAMETER])
  })
  return place
}

/** Why the broker of the run cannot store a value of a case, or undefined. */
async function lack({ since, plugin }: PropertyCase): Promise<string | undefined> {
  const { api, version } = await testBroker()
  if (since !== undefined && !isAtLeast(version, since)) return `it is there from ${since} on`
  if (plugin === undefined) return undefined
  const nodes = (await api.get<{ applications: { name: string }[] }[]>(['nodes'])) ?? []
  const runsEverywhere = nodes.every(({ applications }) => applications.some(({ name }) => name === plugin))
  return runsEverywhere ? undefined : `it needs ${plugin}`
}

/** Whether the property of a case has no meaning for the broker of the run. */
async function ignores({ ignoredBefore }: PropertyCase): Promise<boolean> {
  return ignoredBefore !== undefined && !isAtLeast((await testBroker()).version, ignoredBefore)
}

/** Whether the broker of the run changes the property of a case in place. */
async function changes({ changesSince }: PropertyCase): Promise<boolean> {
  return changesSince === undefined || isAtLeast((await testBroker()).version, changesSince)
}

/** Applies one topology and plans another, or the same one after a manual change. */
function appliedThenPlanned(first: Topology, second: Topology, between?: () => Promise<void>): Promise<Plan> {
  return withClient(async (client) => {
    const { plan, report } = await converge(client, first)
    expect(plan.blocks).toEqual([])
    expect(report.outcomes.filter(({ status }) => status !== 'done')).toEqual([])
    await between?.()
    return planLive(client, second)
  })
}

/** The plan's report of each change: the object, and its differing properties. */
function summaryOf({ changes: all }: Plan): unknown[] {
  return all.map((change) => ({
    action: change.action,
    address: change.address,
    ...('differences' in change && { differs: change.differences.map(({ property }) => property) }),
  }))
}

/** The result of a plan: its changes, its blocks, and the remaining changes after it is executed. */
async function outcomeOf(plan: Plan, desired: Topology): Promise<unknown> {
  const blocks = plan.blocks.map((block) => ({
    reason: block.reason,
    address: block.address,
    ...('properties' in block && { properties: block.properties }),
  }))
  if (blocks.length > 0) return { changes: summaryOf(plan), blocks }
  return withClient(async (client) => {
    const { report } = await converge(client, desired)
    const notDone = report.outcomes.filter(({ status }) => status !== 'done')
    return { changes: summaryOf(plan), notDone, left: summaryOf(await planLive(client, desired)) }
  })
}

const NOTHING = { changes: [], notDone: [], left: [] }

/** The expected result of a plan that finds one property of an object to differ. */
async function expectedOutcome(each: PropertyCase, desired: Topology): Promise<unknown> {
  if (await ignores(each)) return NOTHING
  const address = addressOf(each.kind, only(each.kind, desired))
  const update = [{ action: 'update', address, differs: [each.differs] }]
  switch (each.changing) {
    case 'another object':
      return { changes: [{ action: 'create', address }], notDone: [], left: [] }
    case 'replacement':
      return {
        changes: [{ action: 'replace', address, differs: [each.differs] }],
        blocks: [{ reason: 'needs-replacement', address, properties: [each.differs] }],
      }
    case 'in place':
      return (await changes(each))
        ? { changes: update, notDone: [], left: [] }
        : { changes: update, blocks: [{ reason: 'unsupported', address }] }
  }
}

function only<K extends Kind>(kind: K, desired: Topology): ObjectOf[K] {
  const object = objectsOf(kind, desired).at(-1)
  if (object === undefined) throw new Error(`no ${kind} is declared`)
  return object
}

describe.each(PROPERTY_CASES.map((each) => [`${each.kind} ${each.property}`, each] as const))('%s', (_, each) => {
  it('is created as declared, or the plan says why it cannot be', async () => {
    const place = await freshPlace(each.kind)
    const { api } = await testBroker()
    const missing = (await lack(each)) !== undefined
    for (const value of [each.before, each.after]) {
      const desired = declaring(each.kind, place, value)
      const object = only(each.kind, desired)
      await BY_HAND[each.kind].remove(api, object as never)
      const plan = await withClient((client) => planLive(client, desired))

      const cannot = missing && (value === each.after || each.plugin !== undefined)
      const address = addressOf(each.kind, object)
      const rest = cannot ? { blocks: [{ reason: 'unsupported', address }] } : { notDone: [], left: [] }
      expect(await outcomeOf(plan, desired)).toMatchObject(rest)
      expect(summaryOf(plan)).toContainEqual({ action: 'create', address })
    }
  })

  it('is the only planned difference when it is declared differently', async ({ skip }) => {
    const why = await lack(each)
    skip(why !== undefined, why)
    const place = await freshPlace(each.kind)
    const [before, after] = [each.before, each.after].map((value) => declaring(each.kind, place, value))
    if (before === undefined || after === undefined) throw new Error('there are two')

    const plan = await appliedThenPlanned(before, after)

    expect(await outcomeOf(plan, after)).toEqual(await expectedOutcome(each, after))
  })

  it('is the only planned difference when it was changed manually', async ({ skip }) => {
    const why = await lack(each)
    skip(why !== undefined, why)
    const { api } = await testBroker()
    const place = await freshPlace(each.kind)
    const [before, after] = [each.before, each.after].map((value) => declaring(each.kind, place, value))
    if (before === undefined || after === undefined) throw new Error('there are two')
    const byHand = () => BY_HAND[each.kind].write(api, only(each.kind, after) as never)

    const plan = await appliedThenPlanned(before, before, byHand)

    // A property that the broker does not change cannot be changed manually.
    const expected = (await changes(each)) ? await expectedOutcome(each, before) : NOTHING
    expect(await outcomeOf(plan, before)).toEqual(expected)
  })
})

describe.each(KINDS)('%s', (kind) => {
  const example = PROPERTY_CASES.find((each) => each.kind === kind)

  async function start(skip: (condition: boolean, note?: string) => void) {
    if (example === undefined) throw new Error(`no property of ${kind} is tried`)
    const why = example.plugin === undefined ? undefined : await lack(example)
    skip(why !== undefined, why)
    const place = await freshPlace(kind)
    const desired = declaring(kind, place, example.before)
    return { place, desired, object: only(kind, desired), api: (await testBroker()).api }
  }

  it('is recreated when it was deleted manually', async ({ skip }) => {
    const { desired, object, api } = await start(skip)
    const remove = () => BY_HAND[kind].remove(api, object as never)

    const plan = await appliedThenPlanned(desired, desired, remove)

    const create = { action: 'create', address: addressOf(kind, object) }
    expect(await outcomeOf(plan, desired)).toEqual({ changes: [create], notDone: [], left: [] })
  })

  it('is not changed when it is no longer declared', async ({ skip }) => {
    const { desired, place } = await start(skip)
    const without = kind === 'vhost' ? { ...desired, vhosts: [] } : surroundings(kind, place)

    expect(summaryOf(await appliedThenPlanned(desired, without))).toEqual([])

    await withClient((client) => converge(client, without))
    expect(summaryOf(await withClient((client) => planLive(client, desired)))).toEqual([])
  })
})
