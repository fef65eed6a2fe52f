import { type Amqp, isStopped } from '../broker/amqp/connections/amqp.ts'
import { WrongBrokerError } from '../broker/amqp/connections/expected-broker.ts'
import type { ManagementClient } from '../broker/management/client.ts'
import type { Change } from '../plan/change.ts'
import type { Plan } from '../plan/plan.ts'
import { JournalOnBroker } from './migrate/journal-on-broker.ts'
import { isCluster } from './replace/until-routed.ts'
import type { Outcome } from './report.ts'
import type { Turn } from './turn.ts'

/** Options for applying a plan. */
export interface ApplyOptions {
  /** The maximum number of concurrent writes. */
  readonly parallelism: number
  /** The maximum number of queues whose messages are moved at the same time. Default 10. */
  readonly batch?: number
  /** Counts and moves messages; a plan that deletes or replaces a queue needs it. */
  readonly amqp?: Amqp
  /** Declares queues, also in virtual hosts that the plan creates. Default: the management API declares them. */
  readonly amqpToCreate?: Amqp
  /** Whether the login may read users and topic permissions. Default true. */
  readonly isAdministrator?: boolean
  /** Whether the broker deletes the topic permissions on an exchange together with the exchange. Default true. */
  readonly deletesTopicPermissions?: boolean
  /** When aborted, no further change starts. Changes in progress finish and are read back. */
  readonly signal?: AbortSignal
  /** Called when each of the `total` changes ends, including changes that never started. */
  readonly onOutcome?: (outcome: Outcome, total: number) => void
  /** Called with the name of a virtual host right before it is deleted. */
  readonly onVhostDelete?: (name: string) => void
  /** Called during a long step with one short sentence about its progress, without secrets. */
  readonly onProgress?: (text: string) => void
  /**
   * How long a migration waits for unacknowledged messages and held dead letters while their number does not
   * decrease, in milliseconds. Default 60,000.
   */
  readonly waitLimit?: number
  /** Its turn among several runs on the broker. Default: it is the only run. */
  readonly turn?: Turn
}

/** The outcomes of changes, by address. */
export type Outcomes = ReadonlyMap<string, Outcome>

const WAIT_LIMIT = 60_000
const BATCH = 10

/**
 * One run of an apply: the broker, through its API with the login and the secrets (`client`) and over AMQP; the
 * project; the options; and the outcomes so far. Everything in `apply` that changes more than one object takes it as
 * its first parameter.
 */
export class ApplyRun {
  readonly client: ManagementClient
  /** Absent if AMQP cannot be reached; then no change of the plan needs it. */
  readonly amqp: Amqp | undefined
  readonly project: string
  readonly parallelism: number
  /** The maximum number of queues whose messages are moved at the same time. */
  readonly batch: number
  /** Whether the login may read users and topic permissions. */
  readonly isAdministrator: boolean
  /** Whether the broker deletes the topic permissions on an exchange together with the exchange. */
  readonly deletesTopicPermissions: boolean
  readonly signal: AbortSignal | undefined
  readonly turn: Turn | undefined
  /** How long a migration waits while the number of messages does not decrease, in milliseconds. */
  readonly waitLimit: number
  /**
   * When the run began, by `performance.now()`: a queue is deleted only after its messages were counted later than
   * this.
   */
  readonly since = performance.now()
  /** Addresses of the bindings that the run creates in any step; they put nothing at risk. */
  readonly made: Set<string>
  /**
   * Addresses of the bindings that the plan deletes; the replacement of an object at one of their ends does not get
   * them.
   */
  readonly dropped: ReadonlySet<string>
  readonly #reachable = new Map<string, Promise<Amqp | undefined>>()
  readonly #outcomes = new Map<string, Outcome>()
  readonly #journals = new Map<string, JournalOnBroker>()
  #isSingleNode: Promise<boolean> | undefined
  /** Whether each check of `onceAccepted` succeeded, by its subject. */
  readonly #accepted = new Map<string, Promise<boolean>>()
  readonly #options: ApplyOptions
  readonly #total: number

  constructor(client: ManagementClient, plan: Pick<Plan, 'project' | 'changes'>, options: ApplyOptions) {
    this.client = client
    this.amqp = options.amqp
    this.project = plan.project
    this.parallelism = options.parallelism
    this.batch = options.batch ?? BATCH
    this.isAdministrator = options.isAdministrator ?? true
    this.deletesTopicPermissions = options.deletesTopicPermissions ?? true
    this.signal = options.signal
    this.turn = options.turn
    this.waitLimit = options.waitLimit ?? WAIT_LIMIT
    this.made = new Set(plan.changes.filter(isCreatedBinding).map(({ address }) => address))
    this.dropped = new Set(plan.changes.flatMap(droppedBindings))
    this.#options = options
    this.#total = plan.changes.length
  }

  get outcomes(): Outcomes {
    return this.#outcomes
  }

  /** Records and reports the outcome of a change. */
  end(outcome: Outcome): void {
    this.#outcomes.set(outcome.address, outcome)
    this.#options.onOutcome?.(outcome, this.#total)
  }

  progress(text: string): void {
    this.#options.onProgress?.(text)
  }

  /** Announces that a virtual host will be deleted, together with the caller's own objects in it. */
  announceVhostDelete(name: string): void {
    this.#options.onVhostDelete?.(name)
  }

  /** @throws {Error} when a change needs AMQP although the plan did not say so */
  requireAmqp(): Amqp {
    if (this.amqp === undefined) throw new Error('a plan that was made without AMQP cannot delete or replace queues')
    return this.amqp
  }

  /**
   * AMQP to declare queues in a virtual host; undefined if it cannot be reached. It connects once for each virtual
   * host, because an unreachable port takes seconds.
   *
   * @throws {WrongBrokerError} when it leads to another broker than the management API
   */
  amqpToCreateIn(vhost: string): Promise<Amqp | undefined> {
    const reachable = this.#reachable.get(vhost) ?? reachableIn(this.#options.amqpToCreate, vhost)
    this.#reachable.set(vhost, reachable)
    return reachable
  }

  /** Whether the broker was a single node when this was first asked. */
  isSingleNode(): Promise<boolean> {
    return (this.#isSingleNode ??= isCluster(this.client).then((answer) => !answer))
  }

  /**
   * Runs a check that needs to succeed only once for equal subjects. Concurrent callers wait for the first; if it fails,
   * each runs its own check, so that each gets its own error.
   *
   * @param subject what the check is about
   */
  async onceAccepted(subject: string, check: () => Promise<void>): Promise<void> {
    const earlier = this.#accepted.get(subject)
    if (earlier !== undefined && (await earlier)) return
    const checking = check()
    this.#accepted.set(
      subject,
      checking.then(
        () => true,
        () => false,
      ),
    )
    await checking
  }

  /**
   * The journal of the project in a virtual host. It is always the same object, so that concurrent changes write it
   * one after the other.
   */
  journalOf(vhost: string): JournalOnBroker {
    const journal = this.#journals.get(vhost) ?? new JournalOnBroker(this.client, this.project, vhost)
    this.#journals.set(vhost, journal)
    return journal
  }
}

async function reachableIn(amqp: Amqp | undefined, vhost: string): Promise<Amqp | undefined> {
  try {
    await amqp?.connection(vhost)
    return amqp
  } catch (error) {
    if (isStopped(error) || error instanceof WrongBrokerError) throw error
    return undefined
  }
}

function isCreatedBinding({ kind, action }: Change): boolean {
  return kind === 'binding' && action === 'create'
}

function droppedBindings(change: Change): readonly string[] {
  if (change.action === 'delete') return change.kind === 'binding' ? [change.address] : []
  return change.action === 'rename' ? (change.drops ?? []) : []
}
