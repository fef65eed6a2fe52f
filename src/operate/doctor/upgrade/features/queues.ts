import { countOf } from '../../../../diagnostics/text/count-of.ts'
import { effectiveSetting } from '../../../../insight/lint/effective-setting.ts'
import { addressOf } from '../../../../model/address.ts'
import { possibleWinners } from '../../../../model/policies/winning-policies.ts'
import { literally, patternOf } from '../../../../model/values/name-pattern.ts'
import type { Queue } from '../../../../model/topology.ts'
import { decisionToReplace, setPolicy } from '../fix-commands.ts'
import type { UpgradeContext } from '../upgrade-context.ts'
import { repairedPolicy } from './policies.ts'
import type { UpgradeIssue } from '../upgrade-issue.ts'

/** Before 4.0, a negative limit drops a message at its first return, so "no limit" is a large number. */
const PRACTICALLY_NO_LIMIT = 1_000_000

/** The changes of an upgrade for each queue, except arguments that a version refuses. */
export function* changedQueues(context: UpgradeContext): Iterable<UpgradeIssue> {
  for (const queue of context.topology.queues) {
    yield* mirrored(context, queue)
    yield* transient(context, queue)
    yield* lazy(context, queue)
    yield* redeliveryLimit(context, queue)
  }
  yield* oldStorage(context)
}

/** An export leaves out such queues, because programs declare them when they start. */
function isDeclaredByProgram({ durable, autoDelete }: Queue): boolean {
  return !durable || autoDelete
}

function* mirrored(context: UpgradeContext, queue: Queue): Iterable<UpgradeIssue> {
  const since = context.seriesWith('4.0.0')
  if (since === undefined || queue.type !== 'classic') return
  const mode = effectiveSetting(queue, context.winnersIn(queue.vhost), 'ha-mode')
  if (mode === undefined) return
  const address = addressOf('queue', queue)
  const lacks = lackedByQuorum(queue)
  yield {
    feature: 'mirroring',
    effect: 'lost',
    since,
    stage: 'objects',
    address,
    message: 'the queue is mirrored, and from 4.0 on it has one copy: its messages are gone if its node is',
    advice:
      lacks.length === 0
        ? 'make it a quorum queue before the upgrade; it keeps its messages'
        : `a quorum queue has no ${lacks.join(', no ')}: drop that and make it a quorum queue, or accept a single copy`,
    commands: [],
    ...(isDeclaredByProgram(queue)
      ? {}
      : {
          edit: `write type: quorum and a deliveryLimit${lacks.length === 0 ? '' : `, without ${lacks.join(' and ')}`}`,
          decision: decisionToReplace(address),
        }),
  }
}

/** The properties of a classic queue that quorum queues do not have. */
function lackedByQuorum({ durable, autoDelete, arguments: table }: Queue): string[] {
  return [
    ...(durable ? [] : ['durable: false']),
    ...(autoDelete ? ['autoDelete'] : []),
    ...['x-max-priority', 'x-queue-mode', 'x-queue-version', 'x-queue-master-locator'].filter((name) =>
      Object.hasOwn(table, name),
    ),
    ...(table['x-overflow'] === 'reject-publish-dlx' ? ['x-overflow: reject-publish-dlx'] : []),
  ]
}

function* transient(context: UpgradeContext, queue: Queue): Iterable<UpgradeIssue> {
  const [first] = context.path
  if (queue.durable || first === undefined) return
  yield {
    feature: 'transient-queues',
    effect: 'lost',
    since: first.series,
    stage: 'programs',
    address: addressOf('queue', queue),
    message: `the queue is neither durable nor exclusive${queue.autoDelete ? ', and auto-delete' : ''}: it is deleted with its messages when its node restarts, and 4.x deprecates such queues (transient_nonexcl_queues)`,
    advice: 'let the program declare it durable, with x-expires where it is temporary, or exclusive',
    commands: [],
  }
}

function* lazy(context: UpgradeContext, queue: Queue): Iterable<UpgradeIssue> {
  const since = context.seriesWith('3.12.0')
  if (since === undefined || !Object.hasOwn(queue.arguments, 'x-queue-mode')) return
  yield {
    feature: 'lazy-queues',
    effect: 'ignored',
    since,
    stage: 'objects',
    optional: true,
    address: addressOf('queue', queue),
    message: 'x-queue-mode has no effect: all classic queues write messages to disk early',
    advice: 'leave it, or remove it when the queue is replaced for another reason',
    commands: [],
  }
}

function* redeliveryLimit(context: UpgradeContext, queue: Queue): Iterable<UpgradeIssue> {
  const since = context.seriesWith('4.0.0')
  if (since === undefined || queue.type !== 'quorum') return
  const winners = context.winnersIn(queue.vhost)
  if (effectiveSetting(queue, winners, 'delivery-limit') !== undefined) return
  const deadLetters = effectiveSetting(queue, winners, 'dead-letter-exchange') !== undefined
  const [own] = possibleWinners(winners.policies.of(queue))
  // This command comes after those for policies, and must not undo their changes.
  const policy = (own && repairedPolicy(context, own.policy)) ?? {
    vhost: queue.vhost,
    name: `delivery-limit-${queue.name}`,
    pattern: patternOf([literally(queue.name)]),
    applyTo: 'queues',
    priority: 0,
    definition: {},
  }
  const definition = { ...policy.definition, 'delivery-limit': PRACTICALLY_NO_LIMIT }
  yield {
    feature: 'delivery-limit',
    effect: deadLetters ? 'changed' : 'lost',
    since,
    stage: 'objects',
    // With a dead-letter exchange, nothing is lost.
    ...(deadLetters && { optional: true }),
    address: addressOf('queue', queue),
    message: `the queue has no delivery limit, and from 4.0 on it has one of 20: a message that is returned more often is ${deadLetters ? 'dead-lettered' : 'dropped'}`,
    advice: deadLetters
      ? 'set a limit of your own if 20 is too few'
      : 'give the queue a dead-letter exchange, or set a limit of your own; the command sets one that is never reached',
    commands: [setPolicy('policy', { ...policy, definition })],
  }
}

/** One issue for all queues, because nothing has to be done for any of them. */
function* oldStorage(context: UpgradeContext): Iterable<UpgradeIssue> {
  const since = context.seriesWith('4.0.0')
  const old = context.topology.queues.filter(
    (queue) =>
      queue.type === 'classic' &&
      queue.durable &&
      effectiveSetting(queue, context.winnersIn(queue.vhost), 'queue-version') !== 2,
  )
  if (since === undefined || old.length === 0) return
  yield {
    feature: 'classic-storage',
    effect: 'changed',
    since,
    stage: 'broker',
    optional: true,
    subject: countOf(old.length, 'classic queue'),
    message: 'the first start of 4.x converts their messages to storage version 2, which takes time and disk space',
    advice: 'drain long queues before',
    commands: [],
  }
}
