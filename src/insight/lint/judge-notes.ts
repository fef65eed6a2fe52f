import { addressOf } from '../../model/address.ts'
import type { Location } from '../../diagnostics/location.ts'
import type { Topology } from '../../model/topology.ts'
import type { Note } from '../../plan/note.ts'
import { ignoreComments } from './ignore-comments.ts'
import { type LintSettings, NO_SETTINGS } from './lint-settings.ts'
import { Silence } from './silence.ts'

/**
 * Leaves out notes of a plan if their lint rule is off, or if the config or a comment at one of their policies accepts
 * them.
 *
 * @param topology the topology of the files
 * @param sources the texts of the files by path
 */
export function judgeNotes(
  notes: readonly Note[],
  { topology, sources }: { readonly topology: Topology; readonly sources: ReadonlyMap<string, string> },
  settings: LintSettings = NO_SETTINGS,
): readonly Note[] {
  const silence = new Silence(ignoreComments(sources), settings.ignore)
  const origins = new Map<string, Location | undefined>([
    ...topology.policies.map((each) => [addressOf('policy', each), each.origin] as const),
    ...topology.operatorPolicies.map((each) => [addressOf('operator-policy', each), each.origin] as const),
  ])
  return notes.filter((note) => {
    const rule = RULE_OF_NOTE[note.note]
    if (rule === undefined) return true
    if (settings.rules[rule]?.severity === 'off') return false
    return !policiesOf(note).some((address) => {
      const location = origins.get(address)
      return silence.takes({ rule, address, ...(location && { location }) })
    })
  })
}

/** The lint rules that report for files what these notes report for a broker. */
export const RULE_OF_NOTE: Readonly<Partial<Record<string, string>>> = {
  'policies-tie': 'policies-of-equal-priority',
  'policy-shadowed': 'policy-takes-keys-away',
} satisfies Partial<Record<Note['note'], string>>

function policiesOf(note: Note): readonly string[] {
  if (note.note === 'policies-tie') return note.policies
  return note.note === 'policy-shadowed' ? [note.by, note.policy] : []
}
