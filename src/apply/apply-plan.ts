import { setTimeout as sleep } from 'node:timers/promises'
import { shellWord } from '../diagnostics/shell-word.ts'
import type { ManagementClient } from '../management/client.ts'
import { ManagementError, UnreachableError } from '../management/errors.ts'
import { grantAllRights } from '../management/grant-all-rights.ts'
import { redact } from '../model/redact.ts'
import type { Secret } from '../model/secret.ts'
import type { Plan } from '../plan/plan.ts'
import { orderInWaves } from '../plan/waves.ts'
import { readBack } from './read-back.ts'
import type { Outcome, Report } from './report.ts'
import { runSideBySide } from './run-side-by-side.ts'
import { type WritableChange, writeChange } from './write-change.ts'

/** How an apply goes on. */
export interface ApplyOptions {
  /** How many writes may be under way at once. */
  readonly parallelism: number
  /** When aborted, nothing more is begun; what is under way is finished and read back. */
  readonly signal?: AbortSignal
  /** Told as each of the `total` changes ends, those that are not begun included. */
  readonly onOutcome?: (outcome: Outcome, total: number) => void
}

const READ_BACK_TRIES = 4
const READ_BACK_PAUSE = 250

/**
 * Makes the changes of a plan that is not blocked.
 *
 * Independent changes run side by side. Each wave is read back in bulk, since an answer of success does not mean that
 * the object is as declared: RabbitMQ answers 204 to a queue redeclared with other unknown arguments and keeps the old
 * ones. When a change fails, what requires it is skipped and the rest goes on, unless the broker has gone away: as many
 * changes in a row as may be under way at once got no answer.
 */
export async function applyPlan(client: ManagementClient, plan: Plan, options: ApplyOptions): Promise<Report> {
  if (plan.blocks.length > 0) throw new Error('a blocked plan cannot be applied')
  const changes = plan.changes.filter((change): change is WritableChange => change.action !== 'replace')
  const { waves, requires } = orderInWaves(changes)
  const outcomes = new Map<string, Outcome>()
  const end = (outcome: Outcome) => {
    outcomes.set(outcome.address, outcome)
    options.onOutcome?.(outcome, changes.length)
  }

  const unanswered: string[] = []
  const whyNot = ({ address }: WritableChange): string | undefined =>
    unanswered.length >= options.parallelism
      ? unanswered.at(-1)
      : requires.get(address)?.find((each) => isMissing(outcomes.get(each)))

  for (const wave of waves) {
    const begun: WritableChange[] = []
    // Waves follow each other: what a wave needs has been read back before it begins.
    await runSideBySide(wave as readonly WritableChange[], options.parallelism, async (change) => {
      const { address, action } = change
      const because = whyNot(change)
      if (because !== undefined) return end({ address, action, status: 'skipped', because })
      if (options.signal?.aborted) return end({ address, action, status: 'interrupted' })
      try {
        await writeChange(client, change)
        unanswered.length = 0
        begun.push(change)
      } catch (error) {
        if (error instanceof UnreachableError) unanswered.push(address)
        else unanswered.length = 0
        end({ address, action, status: 'failed', ...explain(error, client.user, change) })
      }
    })
    for (const outcome of await verify(client, begun)) end(outcome)
  }

  return {
    format: 1,
    digest: plan.digest,
    outcomes: changes.flatMap(({ address }) => outcomes.get(address) ?? []),
    interrupted: [...outcomes.values()].some(({ status }) => status === 'interrupted'),
  }
}

function isMissing(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && outcome.status !== 'done'
}

/** Reads a wave back; more than once where it differs, since a cluster's other nodes see a write a moment later. */
async function verify(client: ManagementClient, changes: readonly WritableChange[]): Promise<Outcome[]> {
  let remaining = changes
  const outcomes: Outcome[] = []
  for (let attempt = 1; remaining.length > 0; attempt += 1) {
    let found: ReadonlyMap<string, string>
    try {
      found = await readBack(client, remaining)
    } catch (error) {
      const reason = `written, but it could not be read back: ${error instanceof Error ? error.message : String(error)}`
      return [...outcomes, ...remaining.map((change) => failed(change, reason))]
    }
    outcomes.push(...remaining.filter(({ address }) => !found.has(address)).map(done))
    remaining = remaining.filter(({ address }) => found.has(address))
    if (attempt === READ_BACK_TRIES) {
      outcomes.push(...remaining.map((change) => failed(change, found.get(change.address) ?? '')))
      break
    }
    if (remaining.length > 0) await sleep(READ_BACK_PAUSE)
  }
  return outcomes
}

function done({ address, action }: WritableChange): Outcome {
  return { address, action, status: 'done' }
}

function failed({ address, action }: WritableChange, reason: string): Outcome {
  return { address, action, status: 'failed', reason, maybeDone: true }
}

function explain(error: unknown, user: string, change: WritableChange) {
  if (error instanceof ManagementError) {
    const refused = error.isRefused()
    return {
      reason: `${error.status} ${redact(error.reason, secretsOf(change))}`,
      refused,
      ...(refused && { hint: howToGrant(user, change) }),
    }
  }
  const reason = error instanceof Error ? error.message : String(error)
  return { reason, ...(error instanceof UnreachableError && { maybeDone: true }) }
}

/** The broker repeats a password hash that it does not take. */
function secretsOf(change: WritableChange): readonly Secret[] {
  const credential = change.kind === 'user' ? change.after.credential : undefined
  const secret = credential?.kind === 'password' ? credential.secret : credential?.hash
  return secret ? [secret] : []
}

/** The API answers 401 for missing rights, without saying which. */
function howToGrant(user: string, change: WritableChange): string {
  switch (change.kind) {
    case 'vhost':
    case 'user':
    case 'permission':
    case 'topic-permission':
    case 'operator-policy':
      return `grant it with: rabbitmqctl set_user_tags ${shellWord(user)} administrator`
    case 'policy':
    case 'parameter':
    case 'global-parameter':
      return `grant it with: rabbitmqctl set_user_tags ${shellWord(user)} policymaker`
    case 'exchange':
    case 'queue':
    case 'binding':
      return `grant it with: ${grantAllRights(change.after.vhost, user)}`
  }
}
