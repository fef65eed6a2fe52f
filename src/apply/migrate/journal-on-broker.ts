import { ExitCode } from '../../diagnostics/exit-code.ts'
import { shellWord } from '../../diagnostics/shell-word.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { ManagementClient } from '../../management/client.ts'
import { ManagementError } from '../../management/errors.ts'
import { apiPath } from '../../management/path.ts'
import type { ReceivedGlobalParameter } from '../../management/received.ts'
import { deletes, writes } from '../../management/writes.ts'
import { journalName, journalValue, readJournal, type UnfinishedMove } from '../../records/move-journal.ts'

const JOURNALS = new WeakMap<ManagementClient, Map<string, JournalOnBroker>>()

/** The journal of a project in a virtual host; the same one for all moves of a run, which write it in turn. */
export function journalOnBroker(client: ManagementClient, project: string, vhost: string): JournalOnBroker {
  const journals = JOURNALS.get(client) ?? new Map<string, JournalOnBroker>()
  JOURNALS.set(client, journals)
  const name = journalName({ project, vhost })
  const journal = journals.get(name) ?? new JournalOnBroker(client, project, vhost)
  journals.set(name, journal)
  return journal
}

/**
 * The journal of a project's unfinished moves in a virtual host, kept on the broker. Only one run at a time may have it:
 * the lock of an apply sees to that.
 */
export class JournalOnBroker {
  readonly #client: ManagementClient
  readonly #project: string
  readonly #vhost: string
  #writing: Promise<unknown> = Promise.resolve()

  constructor(client: ManagementClient, project: string, vhost: string) {
    this.#client = client
    this.#project = project
    this.#vhost = vhost
  }

  /** The name of the global parameter. */
  get name(): string {
    return journalName({ project: this.#project, vhost: this.#vhost })
  }

  /** @throws {WarrenError} when the journal cannot be read */
  async all(): Promise<readonly UnfinishedMove[]> {
    return [...(await this.#read()).values()]
  }

  /** The unfinished move of a queue, by its old name. */
  async find(from: string): Promise<UnfinishedMove | undefined> {
    return (await this.#read()).get(from)
  }

  async put(move: UnfinishedMove): Promise<void> {
    await this.#change((moves) => moves.set(move.from, move))
  }

  async remove(from: string): Promise<void> {
    await this.#change((moves) => moves.delete(from))
  }

  /** One after the other, since the API has no compare-and-set. */
  async #change(change: (moves: Map<string, UnfinishedMove>) => void): Promise<void> {
    const before = this.#writing
    const written = this.#write(before, change)
    this.#writing = written.catch(() => undefined)
    await written
  }

  async #write(before: Promise<unknown>, change: (moves: Map<string, UnfinishedMove>) => void): Promise<void> {
    await before
    const moves = await this.#read()
    change(moves)
    const journal = { project: this.#project, vhost: this.#vhost, moves: [...moves.values()] }
    if (moves.size > 0) await writes.putGlobalParameter(this.#client, this.name, journalValue(journal))
    else await deletes.globalParameter(this.#client, this.name)
  }

  async #read(): Promise<Map<string, UnfinishedMove>> {
    let value: unknown
    try {
      value = (await this.#client.get<ReceivedGlobalParameter>(apiPath('global-parameters', this.name))).value
    } catch (error) {
      if (error instanceof ManagementError && error.isNotFound()) return new Map()
      throw error
    }
    const journal = readJournal(this.name, value)
    if (journal) return new Map(journal.moves.map((move) => [move.from, move]))
    throw new WarrenError(
      `the journal of unfinished moves of project ${JSON.stringify(this.#project)} in vhost ${JSON.stringify(this.#vhost)} is damaged`,
      {
        exitCode: ExitCode.blocked,
        hint:
          `look for messages in queues that end with ".moving", and move them by hand; the journal is the global parameter ${this.name}, ` +
          `which is removed with: rabbitmqctl clear_global_parameter ${shellWord(this.name)}`,
      },
    )
  }
}
