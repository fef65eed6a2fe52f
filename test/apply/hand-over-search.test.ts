import { describe, expect, it } from 'vitest'
import type { RecordStep } from '../../src/apply/record-steps.ts'
import type { RecordEdit } from '../../src/apply/ownership/record-writes.ts'
import type { OwnershipRecord } from '../../src/broker/records/ownership-record.ts'
import { without } from '../../src/broker/records/ownership.ts'
import { queue, topology, user, vhost } from '../builders/objects.ts'
import { record } from '../builders/records.ts'
import { search } from './record-search.ts'
import type { Actor, Scenario } from './searched-run.ts'

const Q = 'queue:%2F/q'
const own = (project: string, name = project) => queue(`of-${name}`)
const vhosts = [vhost('/')]
/** The declarations of a project: other objects, and its own queue so that they are never empty. */
const declares = (project: string, ...names: readonly string[]) =>
  topology({ vhosts, queues: [own(project), ...names.map((name) => queue(name))] })
const owning = (project: string, ...addresses: readonly string[]) =>
  record({ project, owned: [`queue:%2F/of-${project}`, ...addresses] })
const prunes = (project: string, runs = 1): Actor => ({
  project,
  desired: declares(project),
  mode: { prune: true },
  runs,
})
const takes = (project: string, from: string, runs = 2): Actor => ({
  project,
  desired: declares(project, 'q'),
  handOver: { takesOver: [from] },
  runs,
})
const releases = (project: string, address: string, skips?: Actor['skips']): Actor => ({
  project,
  desired: declares(project),
  releases: address,
  runs: 2,
  ...(skips && { skips }),
})
const live = (...projects: readonly string[]) =>
  topology({ vhosts, queues: [queue('q'), ...projects.map((project) => own(project))] })

const W = 'user:w'
/** Declares a user in two virtual hosts, so that two records contain it. */
const declaresUser = (project: string, ...declaredIn: readonly string[]) =>
  topology({
    vhosts: [vhost('/'), vhost('b')],
    queues: [own(project)],
    users: declaredIn.length === 0 ? [] : [user('w', { declaredIn })],
  })
const renamed = (name: string, ...names: readonly string[]) => ({
  project: 'b',
  desired: topology({ vhosts, queues: [own('a'), ...names.map((each) => queue(each))] }),
  handOver: { takesOver: [], renamedFrom: name },
})

/** An object is released while its owner applies and prunes. */
const releasedWhileOwnerRuns = (skips?: Actor['skips']): Scenario => ({
  live: live('b'),
  records: [owning('b', Q)],
  actors: [releases('b', Q, skips), { project: 'b', desired: declares('b', 'q'), runs: 1 }, prunes('b')],
  kills: 2,
})
/** The new owner releases the object before its takeover is finished. */
const releasedBeforeTakenOver = (skips?: Actor['skips']): Scenario => ({
  live: live('a', 'c'),
  records: [
    owning('a', Q),
    record({ project: 'c', owned: ['queue:%2F/of-c', Q], taken: [{ from: 'a', addresses: [Q] }] }),
  ],
  actors: [releases('c', Q, skips), { ...releases('a', Q), runs: 1 }, prunes('a')],
  kills: 1,
})

/**
 * The first owner prunes only after its files have lost the object, so after the new owner has decided; see `later`.
 */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'one project takes over while the other applies and prunes': {
    live: live('b', 'c'),
    records: [owning('b', Q), owning('c')],
    actors: [takes('c', 'b'), { project: 'b', desired: declares('b', 'q'), runs: 1 }, later('b')],
    kills: 1,
  },
  'a third project takes over while an earlier takeover is unfinished': {
    live: live('a', 'b', 'c'),
    records: [
      owning('a', Q),
      record({ project: 'b', owned: ['queue:%2F/of-b', Q], taken: [{ from: 'a', addresses: [Q] }] }),
      owning('c'),
    ],
    actors: [takes('c', 'b', 1), prunes('a')],
    kills: 1,
  },
  'the first owner takes back while its own loss is unfinished': {
    live: live('a', 'c'),
    records: [
      owning('a', Q),
      record({ project: 'c', owned: ['queue:%2F/of-c', Q], taken: [{ from: 'a', addresses: [Q] }] }),
    ],
    actors: [takes('a', 'c'), { project: 'c', desired: declares('c', 'q'), runs: 1 }],
    kills: 2,
  },
  'the first owner takes back after two takeovers, none of which is finished': {
    live: live('a', 'b', 'c'),
    records: [
      owning('a', Q),
      record({ project: 'b', owned: ['queue:%2F/of-b', Q], taken: [{ from: 'a', addresses: [Q] }] }),
      record({
        project: 'c',
        owned: ['queue:%2F/of-c', Q],
        taken: ['a', 'b'].map((from) => ({ from, addresses: [Q] })),
      }),
    ],
    actors: [takes('a', 'c', 1), prunes('b')],
    kills: 1,
  },
  'a new owner prunes what it has just taken over': {
    live: live('b', 'c'),
    records: [
      owning('b'),
      record({ project: 'c', owned: [Q, 'queue:%2F/of-c'], taken: [{ from: 'b', addresses: [Q] }] }),
    ].map((each) => (each.project === 'b' ? { ...each, owned: [...each.owned, Q] } : each)),
    actors: [prunes('c', 2), prunes('b', 1)],
    kills: 1,
  },
  'takes over a user in the records of two virtual hosts': {
    live: topology({ vhosts: [vhost('/'), vhost('b')], queues: [own('a'), own('c')], users: [user('w')] }),
    records: [owning('a', W), record({ project: 'a', vhost: 'b', owned: [W] }), owning('c')],
    actors: [
      { project: 'c', desired: declaresUser('c', '/', 'b'), handOver: { takesOver: ['a'] }, runs: 2 },
      { project: 'a', desired: declaresUser('a'), mode: { prune: true }, runs: 1, after: W },
    ],
    kills: 1,
  },
  'a renamed project takes everything over while its former name applies and prunes': {
    live: live('a'),
    records: [owning('a', Q)],
    actors: [
      { ...renamed('a', 'q'), runs: 2 },
      { project: 'a', desired: declares('a', 'q'), runs: 1 },
      { ...later('a'), desired: topology({ vhosts, queues: [queue('other')] }) },
    ],
    kills: 1,
  },
  'a renamed project prunes what it takes over and no longer declares': {
    live: live('a'),
    records: [owning('a', Q)],
    actors: [
      { ...renamed('a'), mode: { prune: true }, runs: 3 },
      { project: 'a', desired: declares('a', 'q'), runs: 1 },
    ],
    kills: 2,
  },
  'an object is released while its owner applies and prunes': releasedWhileOwnerRuns(),
  'an object is released while another project takes it over': {
    live: live('b', 'c'),
    records: [owning('b', Q), owning('c')],
    actors: [releases('b', Q), takes('c', 'b', 1), later('b')],
    kills: 1,
  },
  'the new owner and the former one release what is not yet taken over': releasedBeforeTakenOver(),
  'releases a user in the records of two virtual hosts': {
    live: topology({ vhosts: [vhost('/'), vhost('b')], queues: [own('a')], users: [user('w')] }),
    records: [owning('a', W), record({ project: 'a', vhost: 'b', owned: [W] })],
    actors: [
      releases('a', W),
      { project: 'a', desired: declaresUser('a', '/', 'b'), runs: 1 },
      { project: 'a', desired: declaresUser('a'), mode: { prune: true }, runs: 1, after: W },
    ],
    kills: 2,
  },
}

function later(project: string): Actor {
  return { ...prunes(project), after: Q }
}

type Sabotage = NonNullable<Scenario['sabotage']>

/** Changes the writes of a takeover. */
const whereTaken = (
  change: (edit: RecordEdit, records: readonly OwnershipRecord[]) => readonly RecordStep[],
): Sabotage => {
  return (step, records) => {
    if (step.step !== 'edit') return [step]
    return step.edits.flatMap((edit) =>
      edit.target.taken.length > edit.base.taken.length
        ? change(edit, records)
        : [{ step: 'edit' as const, edits: [edit] }],
    )
  }
}

const edits = (...all: readonly RecordEdit[]): RecordStep => ({ step: 'edit', edits: all })
const withoutQ = (base: OwnershipRecord): RecordEdit => ({ base, target: without(base, new Set([Q])) })

/** Wrong orders of writes, each of which loses an object or leaves it with two owners. */
const WRONG: Readonly<Record<string, readonly [keyof typeof SCENARIOS, Sabotage]>> = {
  'the new owner writes no mark, and the former one is removed afterwards': [
    'one project takes over while the other applies and prunes',
    whereTaken((edit) => [edits({ ...edit, target: { ...edit.target, taken: [] } })]),
  ],
  'the former owner is removed before the new one is written': [
    'one project takes over while the other applies and prunes',
    whereTaken((edit, records) => [
      edits(...records.filter(({ project }) => project !== edit.target.project).map(withoutQ)),
      edits(edit),
    ]),
  ],
  'the mark is removed before the former owner': [
    'one project takes over while the other applies and prunes',
    (step, records) => {
      const removes =
        step.step === 'edit' && step.edits.some(({ base, target }) => target.owned.length < base.owned.length)
      if (!removes) return [step]
      const marked = records.filter(({ taken }) => taken.length > 0)
      return [edits(...marked.map((base) => ({ base, target: { ...base, taken: [] } }))), step]
    },
  ],
  'a renamed project writes no marks': [
    'a renamed project takes everything over while its former name applies and prunes',
    whereTaken((edit) => [edits({ ...edit, target: { ...edit.target, taken: [] } })]),
  ],
  'the new owner of a user writes no mark in either virtual host': [
    'takes over a user in the records of two virtual hosts',
    whereTaken((edit) => [edits({ ...edit, target: { ...edit.target, taken: [] } })]),
  ],
  'a mark that is still pending is not inherited': [
    'a third project takes over while an earlier takeover is unfinished',
    whereTaken((edit) => [
      edits({ ...edit, target: { ...edit.target, taken: edit.target.taken.filter(({ from }) => from === 'b') } }),
    ]),
  ],
}

/** Releases that leave out a check, each of which loses an object or leaves it with a wrong owner. */
const WRONG_RELEASES: Readonly<Record<string, Scenario>> = {
  'the lock of the project': releasedWhileOwnerRuns('the lock'),
  'whether a takeover is unfinished': releasedBeforeTakenOver('what is unfinished'),
}

describe('a state search over interleaved and killed runs', () => {
  it.each(Object.entries(SCENARIOS))('finds no object lost and none with two owners when %s', (_name, scenario) => {
    const { states, faults } = search(scenario)

    expect(faults).toEqual([])
    expect(states).toBeGreaterThan(100)
  })

  it.each(Object.entries(WRONG))('finds a fault when %s', (_name, [scenario, sabotage]) => {
    const { faults } = search({ ...SCENARIOS[scenario], sabotage } as Scenario)

    expect(faults).not.toEqual([])
  })

  it.each(Object.entries(WRONG_RELEASES))('finds a fault when a release does not check %s', (_name, scenario) => {
    expect(search(scenario).faults).not.toEqual([])
  })
})
