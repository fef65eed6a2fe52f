import type { Arguments } from '../../model/arguments.ts'
import type { Binding, TopicPermission } from '../../model/topology.ts'
import { journalName } from '../../model/generated-names.ts'

/** The unfinished replacements of a project in a virtual host, in the form of a global parameter. */
export interface MoveJournal {
  readonly project: string
  readonly vhost: string
  readonly moves: readonly UnfinishedMove[]
  readonly exchanges: readonly ReplacedExchange[]
}

/** An exchange that is deleted and recreated, with everything that the broker deletes together with it. */
export interface ReplacedExchange {
  readonly name: string
  readonly bindings: readonly ExchangeBinding[]
  readonly topicPermissions: readonly ExchangeRights[]
}

/** A binding from or to an exchange. */
export type ExchangeBinding = Pick<Binding, 'source' | 'destinationType' | 'destination' | 'routingKey' | 'arguments'>

/** A topic permission of a user on an exchange. */
export type ExchangeRights = Pick<TopicPermission, 'user' | 'write' | 'read'>

/** The progress of moving the messages of one queue. Each run continues from this point. */
export interface UnfinishedMove {
  /** The names of the old and of the new queue: equal, unless the queue is renamed. */
  readonly from: string
  readonly to: string
  /** The queue that holds the messages while neither queue exists. */
  readonly holding: string
  /**
   * `check`: testing whether the broker accepts the new definition; `fill`: the holding queue replaces the old one;
   * `empty`: the new queue replaces the holding queue.
   */
  readonly step: 'check' | 'fill' | 'empty'
  /** The bindings of the old queue. */
  readonly bindings: readonly MovedBinding[]
  /**
   * The number of messages in the holding queue before two queues were bound at once; absent while only one is bound.
   */
  readonly overlapFrom?: number
  readonly tally: MoveTally
}

export interface MovedBinding {
  readonly source: string
  readonly routingKey: string
  readonly arguments: Arguments
}

/** The progress of a move. */
export interface MoveTally {
  /** Messages that were moved to the new queue. */
  readonly moved: number
  /** Messages that were seen in both queues, by their `messageId`. */
  readonly duplicatesAtLeast: number
  /**
   * Messages that may exist twice: those that arrived while two queues were bound, and those in transit in
   * interrupted runs.
   */
  readonly duplicatesAtMost: number
  /** Messages that the broker deleted with a queue, because they arrived after it was found empty. */
  readonly lost: number
  /** Consumers that the broker has cancelled. */
  readonly cancelledConsumers: number
  /** Messages that no longer expire. */
  readonly expirations: number
}

export const NOTHING_YET: MoveTally = {
  moved: 0,
  duplicatesAtLeast: 0,
  duplicatesAtMost: 0,
  lost: 0,
  cancelledConsumers: 0,
  expirations: 0,
}

export const JOURNAL_FORMAT = 1

/** A journal as the value of a global parameter. */
export function journalValue({ project, vhost, moves, exchanges }: MoveJournal): object {
  return {
    format: JOURNAL_FORMAT,
    project,
    vhost,
    moves: moves.toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    exchanges: exchanges.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** Reads the value of a global parameter; undefined if it is not a journal, or not the one for this name. */
export function readJournal(name: string, value: unknown): MoveJournal | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { format, project, vhost, moves, exchanges = [] } = value as Partial<MoveJournal> & { format?: unknown }
  if (format !== JOURNAL_FORMAT || typeof project !== 'string' || typeof vhost !== 'string') return undefined
  if (name !== journalName({ project, vhost })) return undefined
  if (!Array.isArray(moves) || !moves.every(isMove)) return undefined
  if (!Array.isArray(exchanges) || !exchanges.every(isExchange)) return undefined
  return { project, vhost, moves: moves.map(withTables), exchanges: exchanges.map(withTables) }
}

/** Some brokers return an empty table as a list. */
function withTables<T extends { readonly bindings: readonly MovedBinding[] }>(entry: T): T {
  const bindings = entry.bindings.map((each) => ({
    ...each,
    arguments: Array.isArray(each.arguments) ? {} : each.arguments,
  }))
  return { ...entry, bindings }
}

function isMove(value: unknown): value is UnfinishedMove {
  if (typeof value !== 'object' || value === null) return false
  const { from, to, holding, step, bindings, overlapFrom, tally } = value as Partial<UnfinishedMove>
  if (typeof from !== 'string' || typeof to !== 'string' || typeof holding !== 'string') return false
  if (step !== 'check' && step !== 'fill' && step !== 'empty') return false
  if (overlapFrom !== undefined && !isCount(overlapFrom)) return false
  return Array.isArray(bindings) && bindings.every(isBinding) && isTally(tally)
}

function isExchange(value: unknown): value is ReplacedExchange {
  if (typeof value !== 'object' || value === null) return false
  const { name, bindings, topicPermissions } = value as Partial<ReplacedExchange>
  if (typeof name !== 'string' || !Array.isArray(bindings) || !Array.isArray(topicPermissions)) return false
  return bindings.every(isExchangeBinding) && topicPermissions.every(isRights)
}

function isExchangeBinding(value: unknown): value is ExchangeBinding {
  if (!isBinding(value)) return false
  const { destinationType, destination } = value as Partial<ExchangeBinding>
  return (destinationType === 'queue' || destinationType === 'exchange') && typeof destination === 'string'
}

function isRights(value: unknown): value is ExchangeRights {
  if (typeof value !== 'object' || value === null) return false
  const { user, write, read } = value as Partial<ExchangeRights>
  return typeof user === 'string' && typeof write === 'string' && typeof read === 'string'
}

function isBinding(value: unknown): value is MovedBinding {
  if (typeof value !== 'object' || value === null) return false
  const { source, routingKey, arguments: table } = value as Partial<MovedBinding>
  return typeof source === 'string' && typeof routingKey === 'string' && typeof table === 'object' && table !== null
}

function isTally(value: unknown): value is MoveTally {
  if (typeof value !== 'object' || value === null) return false
  return Object.keys(NOTHING_YET).every((key) => isCount((value as Record<string, unknown>)[key]))
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
