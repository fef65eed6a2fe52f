import { formatLocation } from '../../diagnostics/location.ts'
import { howToDelete } from '../../diagnostics/text/rabbitmqctl.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import { kindOf } from '../../model/address.ts'
import type { Kind } from '../../model/topology.ts'
import type { Block } from '../../plan/block.ts'
import { explainHoldingProblem } from '../../plan/migration/explain-holding-problem.ts'
import type { HoldingProblem } from '../../plan/migration/holding-problem.ts'
import {
  explainCascades,
  explainPolicy,
  explainReplacement,
  explainStillUsed,
  explainUncounted,
  explainMoveUnsafe,
} from './explain-loss.ts'
import { explainUnmatched } from './explain-unmatched.ts'
import { explainUnsupported } from './explain-unsupported.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { impactWords } from '../words/impact-words.ts'
import { showText } from '../words/show-value.ts'

/** Explains why a change is blocked, and what to do. */
export function explainBlock(block: Block): readonly [what: string, ...ways: string[]] {
  switch (block.reason) {
    case 'needs-replacement':
      return explainReplacement(block)
    case 'external-missing':
      return [
        'it is declared with external: true, so it must exist, but it is not on the broker',
        'create it in the project that owns it, or remove external: true so that warren creates it',
      ]
    case 'own-login':
      return [
        'warren is logged in as this user, and never changes its own login',
        'use another login for warren, or remove the user from the files',
      ]
    case 'untouchable':
      return [
        'a queue of this name belongs to a connection or to a plugin of the broker',
        'give the declared queue another name',
      ]
    case 'unsupported':
      return explainUnsupported(block.what)
    case 'not-owned':
      return [
        'it exists, differs from its declaration, and has no owner',
        `change it with  --adopt   or declare it with its current properties${hasExternal(block.address) ? ', or with external: true' : ''}`,
      ]
    case 'foreign-owner':
      return [
        `the project ${showText(block.project)} owns it`,
        hasExternal(block.address)
          ? 'remove it from one of the two projects, or declare it here with external: true'
          : 'remove it from one of the two projects',
        `or make it this project's, without touching it, with  takesOver: [${JSON.stringify(block.project)}]  in the header`,
      ]
    case 'protected':
      return [
        `it is protected, so warren does not ${block.action} it`,
        block.action === 'delete'
          ? block.address.startsWith('vhost:')
            ? 'declare it with protect: false, apply that, and then delete it'
            : 'declare it again without protect: true, apply that, and then remove it'
          : 'remove protect: true and apply that first',
      ]
    case 'adopted':
      return [
        'it existed before this project declared it, so it is deleted only when you name it',
        `delete it with  --allow delete=${block.address}${hasExternal(block.address) ? '   or leave it to others: declare it with external: true and apply' : ''}`,
      ]
    case 'data-loss':
      return [
        `deleting it would lose ${impactWords(block.impact)}`,
        `accept that with  --allow delete=${block.address}   or keep it with  --exclude ${block.address}`,
      ]
    case 'uncounted':
      return explainUncounted(block)
    case 'queue-uncounted':
      return [
        `the messages of ${block.queue === block.address ? 'the queue' : block.queue} cannot be counted: ${block.because}`,
        `make sure that its leader runs and a majority of its members is online, and run the command again; if it was never in use, for example because a client was killed while it declared it, delete it with  ${howToDeleteQueue(block.queue)}`,
      ]
    case 'rename-both':
      return [
        `it is renamed from ${block.from}, and both exist`,
        'remove renamedFrom, or delete the one that you do not want',
      ]
    case 'cascades':
      return explainCascades(block)
    case 'shovels-unknown':
      return [
        `the login may not read parameters, so shovels that publish to ${block.from} are unknown, and messages that they send to the old name would be lost`,
        `use a login with the tag policymaker or administrator, or rename it anyway with  --allow delete=${block.from}`,
      ]
    case 'still-used':
      return explainStillUsed(block)
    case 'slot-taken':
      return [
        `${block.by} is declared too, and the exchange routes by only one of the two`,
        'keep one of them; in a hash exchange the routing key is the weight of the destination',
      ]
    case 'rebind-deletes-exchange':
      return [
        `it would be unbound first, and without its last binding the auto-delete ${block.exchange} would be deleted`,
        'bind another queue to that exchange until you have applied this change',
      ]
    case 'not-rebindable':
      return [
        'no declared binding with state has this address, so --rebind would bind nothing',
        'give the address of an x-consistent-hash or x-jms-topic exchange, or of one of its bindings, as plans print it',
      ]
    case 'half-declared':
      return [
        `an earlier run was stopped while it declared it, and it does not answer: ${block.because}`,
        `check whether its nodes run; if they do, its members were never started: delete it and run the command again: ${howToDeleteQueue(block.address)}`,
      ]
    case 'unfinished-move':
      return [
        'a stopped run has moved some of its messages, which wait in a holding queue',
        'declare it again and apply, which finishes the move',
      ]
    case 'unfinished-replacement':
      return [
        'a stopped run has deleted it; its bindings are stored in a journal on the broker',
        'declare it again and apply, which restores them',
      ]
    case 'move-impossible':
      return explainMove(block.problem)
    case 'move-unsafe':
      return explainMoveUnsafe(block)
    case 'holding-name-taken':
      return explainHoldingName(block)
    case 'awaited': {
      const waiting = block.queues.map(({ address, messages }) => `${countOf(messages, 'message')} in ${address}`)
      return [
        `messages that wait in other queues would reach no queue without it: ${waiting.join(', ')}`,
        `wait until they have arrived, or accept their loss with  --allow delete=${block.address}`,
      ]
    }
    case 'limit-lowered': {
      const waiting = block.queues.map(
        ({ address, messages, key, limit }) => `${countOf(messages, 'message')} in ${address} (${key}: ${limit})`,
      )
      return [
        `with this change the broker would drop waiting messages: ${waiting.join(', ')}`,
        `set a limit that leaves room for them, wait until they are consumed, or accept their loss with  --allow delete=${block.address}`,
      ]
    }
    case 'policy-loses':
    case 'policy-displaced':
    case 'dead-letter-policy-outranked':
      return explainPolicy(block)
    case 'queue-limit':
      return explainQueueLimit(block)
    case 'target-requires':
      return [
        `it needs ${block.requires}, which this plan leaves out and which does not exist on the broker`,
        'widen --target, or narrow --exclude',
      ]
    case 'unmatched-address':
      return explainUnmatched(block)
    case 'hand-over-unfinished':
      return [
        `the project ${showText(block.project)} owns it and has an unfinished run or migration, so it cannot be taken over yet`,
        `apply the project ${showText(block.project)} first, so that it finishes or withdraws its changes`,
      ]
    case 'hand-over-unlocked':
      return [
        `it cannot be taken over from the project ${showText(block.project)} without the locks of both projects: ${block.because}`,
        'make the locks available: the login needs AMQP and the right to declare the lock queues',
      ]
    case 'too-many-deletes':
      return [
        `${countOf(block.deletes, 'object')} of ${withCommas(block.owned)} owned would be deleted, and the limit is ${block.limit}`,
        `allow it with  --max-deletes ${block.deletes}`,
      ]
    case 'empty-topology':
      return [
        'the files declare nothing, so everything that the project owns would be deleted',
        'check the paths; if you intend it, use  warren destroy',
      ]
    case 'ownership-unknown':
      return [
        'the login may not read the ownership records, so nothing can be deleted',
        'use a login with the tag policymaker, or administrator if the files declare users or virtual hosts',
      ]
    case 'record-damaged':
      return unreadable(block)
    case 'other-record-damaged':
      return [
        `another project may own this or need it: ${unreadable(block)[0]}`,
        block.format === undefined
          ? `remove it with  rabbitmqctl clear_global_parameter ${block.record}  if no project needs it`
          : unreadable(block)[1],
      ]
  }
}

function explainHoldingName({
  holding,
  declared,
  places,
}: Extract<Block, { reason: 'holding-name-taken' }>): [what: string, remedy: string] {
  const written = places.length === 0 ? '' : ` (${places.map(formatLocation).join(', ')})`
  return declared
    ? [
        `its messages wait in ${holding} meanwhile, and the files declare a queue of this name${written}`,
        'give the declared queue another name; it may be renamed when this step is done',
      ]
    : [
        `its messages would wait in ${holding} meanwhile, and there is a queue of this name already`,
        'move the messages of that queue to another queue and delete it when it is empty, or rename it',
      ]
}

function unreadable({ record, format }: { record: string; format?: number }): [what: string, remedy: string] {
  if (format === undefined) {
    return [
      `the ownership record ${record} on the broker is damaged, and warren does not overwrite it`,
      `restore it, or remove it with  rabbitmqctl clear_global_parameter ${record}  ; the next apply then records existing objects as adopted`,
    ]
  }
  return [
    `the ownership record ${record} on the broker has format ${format}, which this version of warren cannot read`,
    `use a version of warren that reads format ${format}`,
  ]
}

function explainMove(problem: HoldingProblem): [what: string, remedy: string] {
  const { because, remedy } = explainHoldingProblem(problem)
  return [`its messages cannot be moved: ${because}`, remedy]
}

function explainQueueLimit(block: Extract<Block, { reason: 'queue-limit' }>): [what: string, ...ways: string[]] {
  const { limit, needed, live, created, moving, lock } = block
  const parts = [
    `${live} on the broker`,
    ...(created > 0 ? [`${created} to create`] : []),
    ...(moving > 0 ? [`${moving} in which messages wait while they are moved`] : []),
    ...(lock ? ["1 for warren's lock"] : []),
  ]
  return [
    `the plan needs ${countOf(needed, 'queue')} at once (${parts.join(', ')}), and the limit of the vhost is ${limit}`,
    `raise limits.maxQueues of the vhost to ${needed} or more and apply that first, with  --target ${block.address}   or by  rabbitmqctl set_vhost_limits`,
    ...(moving > 1 ? ['or move one queue at a time, with  --target'] : []),
  ]
}

/** The kinds of objects that files can declare with `external: true`. */
const EXTERNAL: ReadonlySet<Kind | undefined> = new Set<Kind>(['exchange', 'queue', 'user'])

function hasExternal(at: string): boolean {
  return EXTERNAL.has(kindOf(at))
}

/** @param queue its address, in which names are escaped like parts of URLs */
function howToDeleteQueue(queue: string): string {
  const [vhost = '', name = ''] = queue.slice('queue:'.length).split('/').map(decodeURIComponent)
  return howToDelete(vhost, name)
}
