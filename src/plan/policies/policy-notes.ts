import { address, canonicalJson } from '../../model/address.ts'
import type { PlannedTopology } from '../planned-topology.ts'
import type { Policy, Queue, Topology } from '../../model/topology.ts'
import { isSameAge } from '../../model/values/stream-age.ts'
import type { Note } from '../note.ts'
import { effectiveValue, keysNotFor } from '../../model/policies/policy-keys.ts'
import { PolicyIndex } from '../../model/policies/policy-index.ts'

/** A policy after the plan, and whether the files declare it. */
interface Candidate {
  readonly policy: Policy
  readonly address: string
  readonly declared: boolean
}

/**
 * Reports the effects of policies and operator policies on declared queues. Of each kind, RabbitMQ applies only the
 * policy with the highest priority among those whose keys the queue's type supports (rabbit_policy:match_all).
 */
export function policyNotes(desired: Topology, { topology: live, broker }: PlannedTopology): Note[] {
  const notes = new Notes()
  const kinds = [candidatesOf('policy', desired, live), candidatesOf('operator-policy', desired, live)]
  for (const queue of desired.queues) {
    if (queue.external === true) continue
    for (const candidates of kinds) noteFor(queue, candidates, broker.version, notes)
  }
  return notes.list()
}

function candidatesOf(kind: 'policy' | 'operator-policy', desired: Topology, live: Topology): PolicyIndex<Candidate> {
  const of = (topology: Topology) => (kind === 'policy' ? topology.policies : topology.operatorPolicies)
  const byAddress = new Map<string, Candidate>()
  for (const [topology, declared] of [
    [live, false],
    [desired, true],
  ] as const) {
    for (const policy of of(topology)) {
      const at = address(kind, policy.vhost, policy.name)
      byAddress.set(at, { policy, address: at, declared })
    }
  }
  return new PolicyIndex(byAddress.values(), ({ policy }) => policy)
}

function noteFor(queue: Queue, candidates: PolicyIndex<Candidate>, version: string, notes: Notes): void {
  const at = address('queue', queue.vhost, queue.name)
  const type = queue.type ?? 'classic'
  const matching = candidates
    .matching({ kind: 'queue', ...queue })
    .flatMap(({ item, certain }) => (certain ? item : []))
  const applicable = matching.filter((candidate) => {
    const keys = keysNotFor(type, candidate.policy.definition, version).toSorted()
    if (keys.length > 0) {
      const lost = Object.keys(candidate.policy.definition).filter((key) => !keys.includes(key))
      notes.add({ note: 'policy-not-for-type', policy: candidate.address, type, keys, lost: lost.toSorted() }, at)
    }
    return keys.length === 0
  })
  const priority = Math.max(...applicable.map(({ policy }) => policy.priority))
  const winners = applicable.filter(({ policy }) => policy.priority === priority)
  const [winner, ...others] = winners
  if (winner === undefined) return
  if (others.length > 0) {
    notes.add({ note: 'policies-tie', policies: winners.map((each) => each.address).toSorted() }, at)
    return
  }
  for (const { policy, address: shadowed } of applicable) {
    const keys = Object.keys(policy.definition).filter((key) => !Object.hasOwn(winner.policy.definition, key))
    if (policy !== winner.policy && keys.length > 0) {
      notes.add({ note: 'policy-shadowed', policy: shadowed, by: winner.address, keys: keys.toSorted() }, at)
    }
  }
  noteEffect(queue, type, winner, at, notes)
}

function noteEffect(
  queue: Queue,
  type: string,
  { policy, declared, address: by }: Candidate,
  at: string,
  notes: Notes,
): void {
  // The effects on derived queues are reported together with the losses.
  if (queue.role !== undefined) return
  if (type === 'quorum' && policy.definition['overflow'] === 'reject-publish-dlx') {
    notes.add({ note: 'policy-drops-head', policy: by }, at)
  }
  const added: Record<string, unknown> = {}
  for (const key of Object.keys(policy.definition).toSorted()) {
    const value = policy.definition[key]
    const argument = `x-${key}`
    if (!Object.hasOwn(queue.arguments, argument)) {
      added[key] = value
      continue
    }
    const own = queue.arguments[argument]
    const effective = effectiveValue(type, key, own, value)
    if (canonicalJson(effective) === canonicalJson(own) || isSameAge(argument, effective, own)) continue
    notes.add({ note: 'policy-overrides', policy: by, key, declared: own, effective }, at)
  }
  if (!declared && Object.keys(added).length > 0) notes.add({ note: 'policy-adds', policy: by, keys: added }, at)
}

type NoteAbout<N> = N extends Note ? Omit<N, 'addresses'> : never

/** Collects notes, each for all queues with the same note. */
class Notes {
  readonly #byText = new Map<string, { readonly note: NoteAbout<Note>; readonly addresses: string[] }>()

  add(note: NoteAbout<Note>, at: string): void {
    const text = canonicalJson(note)
    const known = this.#byText.get(text)
    if (known) known.addresses.push(at)
    else this.#byText.set(text, { note, addresses: [at] })
  }

  list(): Note[] {
    return [...this.#byText]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { note, addresses }]) => ({ ...note, addresses: addresses.toSorted() }))
  }
}
