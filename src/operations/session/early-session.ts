import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from '../../broker/management/client.ts'
import { guessProject } from './guess-scope.ts'
import type { BrokerOptions, TopologyOptions } from './options.ts'
import { requireCluster } from './reach-broker.ts'
import { isWorthReadingAhead, readAhead, sizeOf, targetVhosts } from './read-ahead.ts'
import { openSession, type Session } from './session.ts'
import type { SharedLocks } from './shared-locks.ts'

/** Parsing a longer text blocks the event loop so long that the broker would consider the connection dead. */
const LONGEST = 16 * 1024 * 1024

/** How long parsing waits for the session, in milliseconds. */
const PATIENCE = 2_000

interface LockScope {
  readonly project: string
  readonly vhosts: readonly string[]
}

type SessionOptions = Pick<BrokerOptions, 'connection' | 'amqp' | 'cluster'> &
  Pick<TopologyOptions, 'vhosts'> & { readonly signal?: AbortSignal; readonly sharedLocks?: SharedLocks }

/**
 * Opens the session of an apply. An apply reads only while it holds the lock of the project. If the headers of large
 * files name the project and its vhosts, it takes the lock and reads while the files are parsed. If the guess was
 * wrong, it does both again.
 */
export class EarlySession implements AsyncDisposable {
  readonly #client: ManagementClient
  readonly #options: SessionOptions
  #early: { readonly scope: LockScope; readonly session: Promise<Session | undefined> } | undefined
  #open: Session | undefined

  constructor(client: ManagementClient, options: SessionOptions) {
    this.#client = client
    this.#options = options
  }

  /** Begins before the files are parsed, if they are large enough. Never rejects. */
  async begin(texts: Iterable<string>): Promise<void> {
    const all = [...texts]
    if (!isWorthReadingAhead(all) || sizeOf(all) > LONGEST) return
    const project = guessProject(all)
    const vhosts = targetVhosts(all, this.#options.vhosts)
    if (project === undefined || vhosts.length === 0) return
    const scope = { project, vhosts }
    const session = this.#openAndRead(scope, all)
    this.#early = { scope, session }
    await Promise.race([session, sleep(PATIENCE, undefined, { ref: false })])
  }

  /** Errors are reported when the session is needed, because invalid files are reported first. */
  async #openAndRead(scope: LockScope, texts: readonly string[]): Promise<Session | undefined> {
    const session = await this.#openIfMeant(scope).catch(() => undefined)
    if (session) await readAhead(this.#client, texts, this.#options.vhosts)
    return session
  }

  /** Takes no lock on a broker other than the intended one. */
  async #openIfMeant(scope: LockScope): Promise<Session> {
    await requireCluster(this.#client, this.#options.cluster)
    return openSession(this.#client, { ...this.#options, ...scope })
  }

  /** @throws {WarrenError} `LOCKED` when another apply of the project is running */
  async open(scope: LockScope): Promise<Session> {
    const early = await this.#early?.session
    // A virtual host may have been created meanwhile, and has no lock yet.
    const isWhole = early !== undefined && early.there.length === scope.vhosts.length && early.lost?.aborted !== true
    if (isWhole && this.#early && isSame(this.#early.scope, scope)) return early
    await early?.[Symbol.asyncDispose]()
    this.#early = undefined
    this.#client.forgetAhead()
    this.#open = await openSession(this.#client, { ...this.#options, ...scope })
    return this.#open
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A broker that does not answer must not delay the report about invalid files.
    const early = this.#early?.session.then((session) => session?.[Symbol.asyncDispose]())
    await Promise.race([early, sleep(PATIENCE, undefined, { ref: false })])
    await this.#open?.[Symbol.asyncDispose]()
  }
}

function isSame(guessed: LockScope, { project, vhosts }: LockScope): boolean {
  const known = new Set(guessed.vhosts)
  return guessed.project === project && known.size === vhosts.length && vhosts.every((name) => known.has(name))
}
