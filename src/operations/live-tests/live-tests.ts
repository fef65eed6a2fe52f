import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { TestSubject } from '../../desired/tests/declared-test.ts'
import type { TestOutcome } from '../../insight/tests/check-test.ts'
import type { ResolvedTest } from '../../insight/tests/resolve-names.ts'
import type { Desired } from '../../model/desired.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { listOfTags } from '../../broker/live/normalize.ts'
import { amqpOf } from '../session/amqp-link.ts'
import type { BrokerOptions } from '../session/options.ts'
import { withClient } from '../insight/take-snapshot.ts'
import { runExpireTests } from './expire-tests.ts'
import { runFailureTests } from './failure-tests.ts'
import { isolate, type Isolated } from './isolate.ts'
import type { LiveOutcomes, LivePhase, LiveTest } from './live-phase.ts'
import { runPublishTests } from './publish-tests.ts'
import { runRightsTests } from './rights-tests.ts'
import { expiring, inVhosts, keyOf, lasting, retrying } from './test-durations.ts'
import { applyThrowaway, removeThrowaway } from './throwaway-topology.ts'

/** The broker on which tests run, in temporary vhosts and with temporary users. */
export interface LiveTestOptions extends BrokerOptions {
  /** Ends the tests, after deleting everything that was created for them. */
  readonly signal?: AbortSignal
}

/** A broker for tests. */
export interface TestBroker {
  /** Such as `4.3.6`. */
  readonly version: string
  /** Runs tests; the outcomes have the order of the tests. */
  readonly run: (tests: readonly ResolvedTest[], desired: Desired) => Promise<readonly TestOutcome[]>
}

/**
 * Uses a broker for tests.
 *
 * @throws {WarrenError} `ACCESS_REFUSED` unless the login is an administrator
 */
export async function withTestBroker<T>(
  options: LiveTestOptions,
  secrets: SecretRegistry,
  use: (broker: TestBroker) => Promise<T>,
): Promise<T> {
  return withClient({ ...options, secrets }, async (client) => {
    await requireAdministrator(client)
    const { rabbitmq_version: version } = await reads.overview(client)
    const amqp = await amqpOf(client, options.connection, options.amqp, options.signal)
    try {
      return await use({
        version,
        run: (tests, desired) => new LiveRun(client, amqp, options.signal).run(tests, desired),
      })
    } finally {
      await amqp.close()
    }
  })
}

async function requireAdministrator(client: ManagementClient): Promise<void> {
  const { name, tags } = await reads.whoami(client)
  if (listOfTags(tags).includes('administrator')) return
  throw new WarrenError(`live tests create vhosts and users, and ${JSON.stringify(name)} is not an administrator`, {
    code: 'ACCESS_REFUSED',
    hint: 'use a login with the tag administrator, on a broker for tests, or leave out --live',
  })
}

type Kind = TestSubject['kind']
type AnyTest = Pick<LiveTest<Kind>, 'id' | 'resolved'>
type TestsByKind = { readonly [K in Kind]: LiveTest<K>[] }

class LiveRun {
  readonly #client: ManagementClient
  readonly #amqp: Amqp
  readonly #signal: AbortSignal | undefined

  constructor(client: ManagementClient, amqp: Amqp, signal: AbortSignal | undefined) {
    this.#client = client
    this.#amqp = amqp
    this.#signal = signal
  }

  async run(tests: readonly ResolvedTest[], desired: Desired): Promise<readonly TestOutcome[]> {
    const { publish, user, fail, expire } = byKind(tests)
    const outcomes = [
      await this.#inVhosts([...publish, ...user], lasting(desired), async (phase, here) => [
        ...(await runPublishTests(phase, publish.filter(here))),
        ...(await runRightsTests(phase, user.filter(here))),
      ]),
      await this.#retry(fail, desired),
      await this.#inVhosts(expire, expiring(desired), async (phase, here) =>
        runExpireTests(phase, expire.filter(here)),
      ),
    ]
    const byId = new Map(outcomes.flat())
    return tests.map((_, index) => byId.get(idOf(index)) ?? { status: 'unknown', because: [] })
  }

  #retry(tests: readonly LiveTest<'fail'>[], desired: Desired) {
    const names = new Set(tests.map(({ resolved, subject }) => keyOf(resolved.vhost.name, subject.subscription.name)))
    const quick = retrying(desired, ({ vhost, name }) => names.has(keyOf(vhost, name)))
    return this.#inVhosts(tests, quick.desired, async (phase, here) =>
      runFailureTests(phase, tests.filter(here), quick.delays),
    )
  }

  /** Runs tests in temporary copies of their vhosts, one vhost after the other. */
  async #inVhosts(
    tests: readonly AnyTest[],
    desired: Desired,
    run: (
      phase: LivePhase,
      here: (test: AnyTest) => boolean,
    ) => Promise<Iterable<[string, TestOutcome]> | LiveOutcomes>,
  ): Promise<readonly (readonly [string, TestOutcome])[]> {
    if (tests.length === 0) return []
    const names = new Set(tests.map(({ resolved }) => resolved.vhost.name))
    const needsUsers = tests.some(({ resolved }) => resolved.test.subject.kind === 'user')
    const isolated = isolate(inVhosts(desired, names, needsUsers))
    this.#requireGoing()
    await applyThrowaway(this.#client, isolated)
    try {
      const outcomes: (readonly [string, TestOutcome])[] = []
      for (const name of names) {
        this.#requireGoing()
        outcomes.push(...(await run(this.#phase(isolated, name), ({ resolved }) => resolved.vhost.name === name)))
      }
      return outcomes
    } catch (error) {
      this.#requireGoing()
      throw error
    } finally {
      await removeThrowaway(this.#client, isolated)
    }
  }

  #phase(isolated: Isolated, name: string): LivePhase {
    const vhost = isolated.vhosts.get(name) ?? name
    return { amqp: this.#amqp, vhost, isolated, ...(this.#signal && { signal: this.#signal }) }
  }

  #requireGoing(): void {
    if (this.#signal?.aborted) throw new WarrenError('the tests were interrupted', { code: 'INTERRUPTED' })
  }
}

function idOf(index: number): string {
  return `test-${index}`
}

function byKind(tests: readonly ResolvedTest[]): TestsByKind {
  const kinds: TestsByKind = { publish: [], fail: [], expire: [], user: [] }
  for (const [index, resolved] of tests.entries()) {
    const { subject } = resolved.test
    const each = { id: idOf(index), resolved }
    if (subject.kind === 'publish') kinds.publish.push({ ...each, subject })
    else if (subject.kind === 'fail') kinds.fail.push({ ...each, subject })
    else if (subject.kind === 'expire') kinds.expire.push({ ...each, subject })
    else kinds.user.push({ ...each, subject })
  }
  return kinds
}
