import { forEachConcurrent } from '../../apply/for-each-concurrent.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import { writes } from '../../broker/management/writes.ts'
import type { RequiredRight, ResourceRight } from '../../plan/guards/right.ts'
import type { Probed } from './probe-rights.ts'

/** The maximum number of probes at once. */
const AT_ONCE = 8
/** The maximum number of pairs of names to try, to find one that the login may read from and write to. */
const MOST_PAIRS = 30
/** The broker checks the rights first, and then refuses this lifetime. */
const NEVER = { 'x-expires': -1 }
/** The broker checks the right to configure before the type of the argument. */
const NO_EXCHANGE = { 'x-dead-letter-exchange': 0 }

/**
 * Probes permissions without AMQP, as far as the API allows it: declares a queue of that name in a way that the broker
 * refuses after it has checked the permissions. Permissions depend only on names, so the probe also works for the name
 * of an exchange.
 *
 * @param because why AMQP cannot be reached
 */
export async function probeRightsOverHttp(
  client: ManagementClient,
  required: readonly RequiredRight[],
  because: string,
): Promise<Probed> {
  const missing: RequiredRight[] = []
  let complete = required.every(({ right }) => right.kind === 'resource')
  for (const vhost of new Set(required.flatMap(({ right }) => ('vhost' in right ? [right.vhost] : [])))) {
    const here = required.filter(isResource).filter(({ right }) => right.vhost === vhost)
    const found = await probeVhost(new Declarations(client, vhost), here)
    missing.push(...found.missing)
    complete &&= found.complete
  }
  return { missing, ...(!complete && { unverified: because }) }
}

type Required = RequiredRight & { readonly right: ResourceRight }

async function probeVhost(
  declarations: Declarations,
  required: readonly Required[],
): Promise<{ readonly missing: readonly Required[]; readonly complete: boolean }> {
  const of = (wanted: ResourceRight['right']) => required.filter(({ right }) => right.right === wanted)
  const [configures, reads, written] = [of('configure'), of('read'), of('write')]
  const refused = new Set<Required>()
  const configurable = new Set<string>()
  // Read permission is probed by a declaration, which also needs configure permission on the name.
  await forEachConcurrent(
    [...new Set([...configures, ...reads].map(({ right }) => right.name))],
    AT_ONCE,
    async (name) => {
      if (await declarations.mayConfigure(name)) configurable.add(name)
    },
  )
  for (const each of configures) if (!configurable.has(each.right.name)) refused.add(each)
  const targets = [...written.map(({ right }) => right.name), ...configurable, 'amq.default', 'amq.topic']
  const pair = await declarations.findPair([...configurable], targets)
  const askable = reads.filter(({ right }) => configurable.has(right.name))
  if (pair === undefined) {
    // One of the two rights is missing, and only both together are certainly sufficient.
    for (const each of configurable.size === 0 ? [] : [...askable, ...written]) refused.add(each)
    return {
      missing: required.filter((each) => refused.has(each)),
      complete: refused.size > 0 || written.length + reads.length === 0,
    }
  }
  await forEachConcurrent(askable, AT_ONCE, async (each) => {
    if (!(await declarations.mayPassOn(each.right.name, pair.target))) refused.add(each)
  })
  await forEachConcurrent(written, AT_ONCE, async (each) => {
    if (!(await declarations.mayPassOn(pair.source, each.right.name))) refused.add(each)
  })
  return { missing: required.filter((each) => refused.has(each)), complete: askable.length === reads.length }
}

/** Declarations that the broker never completes. */
class Declarations {
  readonly #client: ManagementClient
  readonly #vhost: string

  constructor(client: ManagementClient, vhost: string) {
    this.#client = client
    this.#vhost = vhost
  }

  mayConfigure(name: string): Promise<boolean> {
    return this.#isAllowed(name, NO_EXCHANGE)
  }

  /** Whether the login may read from `source`, which it may configure, and write to `target`. */
  mayPassOn(source: string, target: string): Promise<boolean> {
    return this.#isAllowed(source, { ...NEVER, 'x-dead-letter-exchange': target === 'amq.default' ? '' : target })
  }

  async findPair(sources: readonly string[], targets: readonly string[]) {
    let left = MOST_PAIRS
    for (const source of sources) {
      for (const target of new Set(targets)) {
        if (left === 0) return undefined
        left -= 1
        if (await this.mayPassOn(source, target)) return { source, target }
      }
    }
    return undefined
  }

  async #isAllowed(name: string, table: Readonly<Record<string, unknown>>): Promise<boolean> {
    try {
      await writes.putQueue(this.#client, this.#vhost, name, { durable: true, auto_delete: false, arguments: table })
      return true
    } catch (error) {
      if (!(error instanceof ManagementError)) throw error
      return !error.isRefused()
    }
  }
}

function isResource(each: RequiredRight): each is Required {
  return each.right.kind === 'resource'
}
