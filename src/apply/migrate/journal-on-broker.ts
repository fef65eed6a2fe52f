import type { ManagementClient } from '../../broker/management/client.ts'
import { orIfMissing } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import { deletes, writes } from '../../broker/management/writes.ts'
import {
  JOURNAL_FORMAT,
  journalValue,
  readJournal,
  type ReplacedExchange,
  type UnfinishedMove,
} from '../../broker/records/move-journal.ts'
import { unreadable } from '../../broker/records/unreadable-parameter.ts'
import { damagedJournal } from './damaged-journal.ts'
import { journalName } from '../../model/generated-names.ts'

/** The entries of a journal: queues by their old names, and names of exchanges. */
interface Entries {
  readonly moves: Map<string, UnfinishedMove>
  readonly exchanges: Map<string, ReplacedExchange>
}

/**
 * The journal of the objects that a project replaces in a virtual host, stored on the broker. Only one run may use it
 * at a time, which the lock of an apply ensures.
 */
export class JournalOnBroker {
  readonly #client: ManagementClient
  readonly #project: string
  readonly #vhost: string
  #writing: Promise<unknown> = Promise.resolve()
  /** The changes of the next write, and its end. */
  readonly #changes: ((entries: Entries) => void)[] = []
  #next: Promise<void> | undefined
  #known: Promise<Entries> | undefined

  constructor(client: ManagementClient, project: string, vhost: string) {
    this.#client = client
    this.#project = project
    this.#vhost = vhost
  }

  /** The name of the global parameter. */
  get name(): string {
    return journalName({ project: this.#project, vhost: this.#vhost })
  }

  /** The unfinished move of a queue, by its old name. @throws {WarrenError} when the journal cannot be read */
  async find(from: string): Promise<UnfinishedMove | undefined> {
    return (await this.#entries()).moves.get(from)
  }

  async put(move: UnfinishedMove): Promise<void> {
    await this.#change(({ moves }) => moves.set(move.from, move))
  }

  async remove(from: string): Promise<void> {
    await this.#change(({ moves }) => moves.delete(from))
  }

  /**
   * Finds the objects that a stopped run has to restore on an exchange. @throws {WarrenError} when the journal cannot
   * be read
   */
  async findExchange(name: string): Promise<ReplacedExchange | undefined> {
    return (await this.#entries()).exchanges.get(name)
  }

  async putExchange(exchange: ReplacedExchange): Promise<void> {
    await this.#change(({ exchanges }) => exchanges.set(exchange.name, exchange))
  }

  async removeExchange(name: string): Promise<void> {
    await this.#change(({ exchanges }) => exchanges.delete(name))
  }

  /**
   * Writes run one after the other, because the API has no compare-and-set. Changes that are requested during a write
   * share the next one.
   */
  #change(change: (entries: Entries) => void): Promise<void> {
    this.#changes.push(change)
    this.#next ??= this.#writing.then(() => this.#write())
    return this.#next
  }

  #write(): Promise<void> {
    const changes = this.#changes.splice(0)
    this.#next = undefined
    const written = this.#writeAll(changes)
    this.#writing = written.catch(() => undefined)
    return written
  }

  async #writeAll(changes: readonly ((entries: Entries) => void)[]): Promise<void> {
    const { moves, exchanges } = copyOf(await this.#entries())
    for (const change of changes) change({ moves, exchanges })
    const journal = {
      project: this.#project,
      vhost: this.#vhost,
      moves: [...moves.values()],
      exchanges: [...exchanges.values()],
    }
    // Until the broker has answered, it is unknown whether it has the old entries or the new ones.
    this.#known = undefined
    if (moves.size + exchanges.size > 0) await writes.putGlobalParameter(this.#client, this.name, journalValue(journal))
    else await deletes.globalParameter(this.#client, this.name)
    this.#known = Promise.resolve({ moves, exchanges })
  }

  /** The entries on the broker. They are read once, because only this run changes them. */
  async #entries(): Promise<Entries> {
    const known = (this.#known ??= this.#read())
    try {
      return await known
    } catch (error) {
      if (this.#known === known) this.#known = undefined
      throw error
    }
  }

  async #read(): Promise<Entries> {
    const parameter = await orIfMissing(reads.globalParameter(this.#client, this.name), undefined)
    if (parameter === undefined) return { moves: new Map(), exchanges: new Map() }
    const { value } = parameter
    const journal = readJournal(this.name, value)
    if (journal) {
      return {
        moves: new Map(journal.moves.map((move) => [move.from, move])),
        exchanges: new Map(journal.exchanges.map((exchange) => [exchange.name, exchange])),
      }
    }
    throw damagedJournal(this.#project, this.#vhost, unreadable(this.name, value, JOURNAL_FORMAT))
  }
}

function copyOf({ moves, exchanges }: Entries): Entries {
  return { moves: new Map(moves), exchanges: new Map(exchanges) }
}
