import { formatLocation } from '../../diagnostics/location.ts'
import { lossWords } from '../../model/policies/derived-effect-words.ts'
import { explainHoldingProblem } from '../../plan/migration/explain-holding-problem.ts'
import {
  isLimitNote,
  type KnownOwners,
  type Note,
  type UnmanagedNote,
  type UnreadKind,
  type Unsuitable,
} from '../../plan/note.ts'
import type { Plan } from '../../plan/plan.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { showValue } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'

const UNMANAGED: ReadonlySet<Note['note']> = new Set<UnmanagedNote['note']>([
  'unmanaged-bindings',
  'unmanaged-policy',
  'unmanaged-administrators',
  'unmanaged-not-compared',
])

/** Notes with sections of their own. */
const IN_SECTIONS: ReadonlySet<Note['note']> = new Set([
  ...UNMANAGED,
  'completed',
  'expected',
  'dead-letters-held',
  'majority-lost',
  'nothing-to-delete',
  'nothing-matches',
  'not-migrated',
  'nodes-unchecked',
])

/** The sections of notes in order, with the notes that belong to them. */
const SECTIONS: readonly (readonly [title: string, belongs: (note: Note) => boolean])[] = [
  ['Limits', isLimitNote],
  ['Completed', ({ note }) => note === 'completed'],
  ['Expected', ({ note }) => note === 'expected'],
  ['Absent', ({ note }) => note === 'nothing-to-delete' || note === 'nothing-matches'],
  ['Not migrated', ({ note }) => note === 'not-migrated'],
  ['Not checked', ({ note }) => note === 'nodes-unchecked'],
  ['Not answering', ({ note }) => note === 'majority-lost'],
  ['Dead letters', ({ note }) => note === 'dead-letters-held'],
  ['Policies', (note) => !isLimitNote(note) && !IN_SECTIONS.has(note.note)],
  ['Unmanaged, touching yours', ({ note }) => UNMANAGED.has(note)],
]

/** Prints the effects of limits and policies on the declared objects, and the objects that have deleted themselves. */
export function notesText({ notes }: Plan, style: Style): string[] {
  return SECTIONS.flatMap(([title, belongs]) => section(title, notes.filter(belongs), style))
}

function section(title: string, notes: readonly Note[], style: Style): string[] {
  if (notes.length === 0) return []
  return [[style.strong(title), ...notes.map((note) => `  ${style.warn('!')} ${noteText(note)}`)].join('\n')]
}

/** Explains one note. */
export function noteText(note: Note): string {
  const where = whereOf(note.addresses)
  switch (note.note) {
    case 'queue-limit-exceeded':
      return `${note.addresses.join()} holds ${countOf(note.queues, 'queue')} and its limit is ${note.limit}: a queue that is deleted cannot be declared again; raise maxQueues`
    case 'no-room-for-lock':
      return `${noRoomText(note)} for warren's lock, so an apply continues without it, and deletes and replaces nothing; raise maxQueues by one`
    case 'no-room-for-later-locks':
      return `${noRoomText(note)} for the lock of later applies, which then delete and replace nothing; raise maxQueues by one`
    case 'completed':
      return completedText(note)
    case 'expected':
      return `${note.addresses.join(', ')}: not on the broker yet, expected as ${note.project} declares`
    case 'nothing-to-delete':
      return `there is nothing to delete at ${note.addresses.join(', ')}: neither the files nor the broker have an object with this address`
    case 'nothing-matches':
      return `${note.options.join(', ')} matches nothing in this plan`
    case 'dead-letters-dropped':
      return `${note.policy} will make the broker delete the dead letters that ${queuesOf(note.addresses)} could not deliver yet: they are kept only with the strategy at-least-once and the overflow reject-publish`
    case 'dead-letters-held':
      return `${where} holds ${countOf(note.messages, 'dead letter')} that at-least-once dead-lettering could not deliver: declare its dead-letter exchange with a binding that matches them, or they wait forever`
    case 'not-migrated':
      return `${where} is left out of the migration: ${whyNotMigrated(note.why)}`
    case 'nodes-unchecked':
      return `the login may not read the nodes, so warren did not check alarms, stopped nodes, partitions and disk space before it migrates ${countOf(note.addresses.length, 'queue')}; check them, or use a login with the tag monitoring`
    case 'majority-lost':
      return `${where} accepts and delivers no message: ${note.online} of its ${countOf(note.members, 'member')} ${note.online === 1 ? 'is' : 'are'} online; start the nodes of the others, or, if its members were never started, delete it and run the command again`
    case 'policy-adds': {
      const keys = Object.entries(note.keys).map(([key, value]) => `${key} ${showValue(value)}`)
      return `${note.policy}, which these files do not declare, sets ${keys.join(', ')} on ${where}`
    }
    case 'policy-captures': {
      const holds = note.certain ? 'also applies to' : 'may also apply to'
      const losses = note.losses.map((each) => lossWords(each.loss, each))
      const places = note.places.map(formatLocation)
      const lost = losses.length === 0 ? '' : `; it ${losses.join(', and ')}`
      const where = `${note.addresses.join()}${places.length === 0 ? '' : ` (${places.join(', ')})`}`
      const keys = Object.entries(note.keys).map(([key, value]) => `${key} ${showValue(value)}`)
      return `${note.policy} ${holds} ${where}: ${keys.join(', ')}${lost}`
    }
    case 'policy-overrides':
      return `${note.policy} makes ${note.key} ${showValue(note.effective)} instead of the declared ${showValue(note.declared)} on ${where}`
    case 'policy-not-for-type':
      return `${note.policy} does not apply to ${where}, because a ${note.type} queue has no ${note.keys.join(', ')}${lostText(note.lost)}`
    case 'policy-drops-head':
      return `${note.policy} makes ${where} drop the oldest messages when full, because a quorum queue treats overflow reject-publish-dlx as drop-head`
    case 'policy-shadowed':
      return `${note.policy} does not apply to ${where}, because ${note.by} has a higher priority: its ${note.keys.join(', ')} have no effect there`
    case 'policies-tie':
      return `${note.policies.join(' and ')} have the same priority on ${where}: which one applies is undefined`
    case 'unmanaged-bindings':
      return `${where} also gets messages by ${countOf(note.bindings.length, 'binding')} that ${unowned(note.owners)}: ${listText(note.bindings)}`
    case 'unmanaged-policy':
      return `${note.policy}, which ${unowned(note.owners)}, matches ${queuesOf(note.addresses, 'managed queue')}`
    case 'unmanaged-administrators':
      return `${countOf(note.addresses.length, 'administrator')} that ${unowned(note.owners)} may change everything: ${listText(note.addresses)}`
    case 'unmanaged-not-compared':
      return `not compared, because they could not be read: ${note.kinds.map((kind) => NOT_READ[kind]).join(', ')}`
  }
}

const NOT_READ: { readonly [K in UnreadKind]: string } = {
  bindings: 'bindings into your queues',
  policies: 'policies on your queues',
  'operator-policies': 'operator policies on your queues',
  users: 'administrators',
}

function unowned(owners: KnownOwners): string {
  return owners === 'none'
    ? 'no project owns'
    : 'these files do not declare (whether another project owns it is unknown)'
}

/** The maximum number of addresses in a note; `--format json` contains all. */
const MOST_LISTED = 5

function listText(addresses: readonly string[]): string {
  const more = addresses.length - MOST_LISTED
  return `${addresses.slice(0, MOST_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const SELF_DELETIONS = {
  'src-delete-after': 'its src-delete-after was reached',
  expires: 'nothing used it before it expired',
  'auto-delete': 'it is auto-delete and no longer used',
} as const

function completedText({ because, addresses }: Extract<Note, { readonly note: 'completed' }>): string {
  const [first = ''] = addresses
  const more = addresses.length > 1 ? ` and ${addresses.length - 1} more` : ''
  return `${first}${more} deleted itself (${SELF_DELETIONS[because]}) and is not created again; to create it, change its declaration or add --allow create=${first}`
}

/** RabbitMQ applies a policy as a whole or not at all. */
function lostText(keys: readonly string[]): string {
  return keys.length === 0
    ? ''
    : `: its ${keys.join(', ')} ${keys.length === 1 ? 'has' : 'have'} no effect there either`
}

function noRoomText({
  addresses,
  limit,
  queues,
}: {
  addresses: readonly string[]
  limit: number
  queues: number
}): string {
  return `${addresses.join()} has ${countOf(queues, 'queue')} and a limit of ${limit}, which leaves no room`
}

function whereOf(addresses: readonly string[]): string {
  return queuesOf(addresses, 'declared queue')
}

function queuesOf(addresses: readonly string[], what = 'queue'): string {
  const [first] = addresses
  return addresses.length === 1 ? String(first) : `${countOf(addresses.length, what)}, such as ${first}`
}

function whyNotMigrated(why: Unsuitable): string {
  switch (why.problem) {
    case 'protected':
      return 'it is declared with protect: true'
    case 'holding-name-taken':
      return `${why.holding}, in which its messages would wait, exists or is declared`
    case 'uncounted':
      return `its messages cannot be counted: ${why.because}`
    case 'stream':
    case 'auto-delete':
    case 'policy':
    case 'new-queue-too-short':
      return `its messages cannot be moved: ${explainHoldingProblem(why).because}`
  }
}
