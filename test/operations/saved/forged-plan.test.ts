import { describe, expect, it } from 'vitest'
import { exitCodeFor } from '../../../src/cli/exit-code.ts'
import { WarrenError } from '../../../src/diagnostics/warren-error.ts'
import { planProblem } from '../../../src/desired/load/check-plan.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { SecretRegistry } from '../../../src/model/secrets/secret-registry.ts'
import { KINDS } from '../../../src/model/topology.ts'
import { checksumOf, withChecksum } from '../../../src/plan/saved/checksum.ts'
import { digestOf } from '../../../src/plan/saved/digest.ts'
import { ownerStates } from '../../../src/plan/ownership/owner-state.ts'
import { isReferenced, portablePlan } from '../../../src/plan/saved/portable-plan.ts'
import { tamperedWith } from '../../../src/plan/saved/read-saved-plan.ts'
import { bindToLive, compareWithSaved, type SavedPlan } from '../../../src/plan/saved/saved-plan.ts'
import { recheckPlan } from '../../../src/operations/saved/recheck-plan.ts'
import { resolveReferences } from '../../../src/operations/saved/resolve-references.ts'
import { binding, exchange, policy, queue, topology, user } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const location = { file: 'topology.yaml', line: 1, column: 1 }
const hash = { kind: 'hash', hash: new Secret('kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30'), algorithm: 'sha' } as const
const reference = (name: string) => ({ location, reference: `\${env:${name}}` })

const live = topology({
  exchanges: [exchange('events')],
  queues: [queue('old'), queue('moved'), queue('victim')],
  bindings: [binding('events', 'old', { routingKey: 'k' })],
  users: [user('svc', { credential: hash }), user('none', { credential: hash })],
  policies: [policy('p', { definition: { 'max-length': 5 } })],
})
const desired = topology({
  exchanges: [exchange('events')],
  queues: [queue('new', { renamedFrom: 'old' }), queue('moved', { type: 'quorum' })],
  users: [
    user('svc', {
      credential: { kind: 'hash', hash: new Secret('an0ther-hash'), algorithm: 'sha', written: reference('HASH') },
    }),
    user('made', { credential: { kind: 'password', secret: new Secret('pa55word'), written: reference('WORD') } }),
    user('none', { credential: { kind: 'hash', hash: new Secret(''), written: { location } } }),
  ],
  policies: [
    policy('p', {
      definition: { 'max-length': 7 },
      references: [{ path: ['definition', 'max-length'], ...reference('LENGTH'), as: 'number' }],
    }),
  ],
})
const environment = { HASH: 'an0ther-hash', WORD: 'pa55word', LENGTH: '7' }
const ownership = owned(
  record({
    owned: ['exchange', 'queue'].flatMap((kind) => ['events', 'old', 'moved'].map((name) => `${kind}:%2F/${name}`)),
    adopted: ['binding:%2F/events/queue/old/k', 'policy:%2F/p'],
  }),
)
const counts = new Map(['old', 'moved', 'victim'].map((name) => [`queue:%2F/${name}`, { messages: 0, consumers: 0 }]))
const around = { ...ownership, counts }
const ownerOf = ownerStates(ownership.ownership, ['/'])

const saved = (() => {
  const plan = planOf(live, desired, around, { adopt: true, migrate: new Set(['queue:%2F/moved']) })
  const portable = portablePlan(bindToLive(plan, live, ownerOf), new SecretRegistry())
  return JSON.parse(JSON.stringify(withChecksum({ ...portable, digest: digestOf(portable) }))) as SavedPlan
})()

/** The effects of an apply of a saved plan, up to its first write. */
async function outcomeOf(plan: SavedPlan): Promise<string> {
  const problem = (await planProblem(plan)) ?? tamperedWith(plan)
  if (problem !== undefined) return `refused: ${problem}`
  const { changes } = await resolveReferences(plan.changes, { environment })
  const bound = { ...plan, changes }
  const { stale, done } = compareWithSaved(bound, live, new Set(), ownerOf)
  if (stale.length > 0) return 'stale'
  const left = changes.filter(({ address }) => !done.has(address))
  const broker = {
    name: 'rabbit@test',
    version: '4.3.6',
    url: '',
    exchangeTypes: ['direct'],
    forbidsOperatorPolicies: false,
    deniedFeatures: [],
  }
  const checked = recheckPlan(bound, left, {
    broker,
    topology: live,
    login: { user: 'warren' },
    untouchable: new Set(),
    messages: new Map(),
    kindsRead: new Set(KINDS),
    ...around,
  })
  if (checked.stale.length > 0) return 'stale'
  if (checked.blocks.length > 0) return 'blocked'
  const now = portablePlan(
    { ...plan, changes: checked.changes, ownership: { ...plan.ownership, records: checked.records } },
    new SecretRegistry(),
  )
  const remaining = { ...plan, changes: plan.changes.filter(({ address }) => !done.has(address)) }
  return digestOf(withoutHidden(now)) === digestOf(withoutHidden(remaining))
    ? 'does what it says'
    : 'does something else'
}

/** Without differences that show no value, because a reviewer sees the references next to them. */
function withoutHidden(plan: SavedPlan): SavedPlan {
  const changes = plan.changes.map((change) => {
    if (!('differences' in change)) return change
    const { references = [] } = change.after
    return {
      ...change,
      differences: change.differences.filter((each) => !('secret' in each) && !isReferenced(each, references)),
    }
  })
  return { ...plan, changes }
}

type Path = readonly (string | number)[]

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [path, ...keys.flatMap((key) => pathsIn((value as Record<string | number, unknown>)[key], [...path, key]))]
}

const REMOVED = Symbol('removed')
const HOSTILE: readonly unknown[] = [REMOVED, null, -1, 'x', [], '\uD800', 'queue:%2F/victim']
/** These properties have no effect. */
const ONLY_SHOWN = new Set<unknown>(['files', 'broker', 'notes', 'unknowns', 'kept', 'digest', 'checksum'])

/** A copy of the plan with another value at a path, and with a recomputed digest and checksum. */
function forged(path: Path, value: unknown): SavedPlan {
  const plan = JSON.parse(JSON.stringify(saved)) as Record<string, unknown>
  const [last = '', ...before] = path.toReversed()
  const holder = before
    .toReversed()
    .reduce<Record<string | number, unknown>>((each, key) => each[key] as Record<string | number, unknown>, plan)
  if (value === REMOVED) {
    if (Array.isArray(holder)) holder.splice(Number(last), 1)
    else delete holder[last]
  } else holder[last] = value
  return resealed(plan)
}

function resealed(plan: object): SavedPlan {
  const named = plan as SavedPlan
  try {
    const digest = digestOf(named)
    return { ...named, digest, checksum: checksumOf({ ...named, digest }) }
  } catch {
    return { ...named, checksum: checksumOf(named) }
  }
}

describe('a saved plan with renames, migrations and hashes', () => {
  it('makes exactly its changes if it was not edited', async () => {
    expect(await outcomeOf(saved)).toBe('does what it says')
  })

  it('is refused or makes exactly the changes that it shows, for every replacement of one value', async () => {
    const wrong: unknown[] = []
    for (const path of pathsIn(saved).filter(([first]) => first !== undefined && !ONLY_SHOWN.has(first))) {
      for (const value of HOSTILE) {
        const outcome = await outcomeOf(forged(path, value)).catch((error: unknown) =>
          error instanceof WarrenError
            ? `exit ${exitCodeFor(error.code)}`
            : String((error as Error).stack).slice(0, 400),
        )
        if (!/^(refused|stale|blocked|does what|exit [345])/.test(outcome)) wrong.push([path.join('.'), value, outcome])
      }
    }

    expect(wrong).toEqual([])
  })
})
