import { type Location, formatLocation } from '../../diagnostics/location.ts'
import { kindOf } from '../../model/address.ts'
import { lossWords } from '../../model/policies/derived-effect-words.ts'
import type { Block, MoveObstacle } from '../../plan/block.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { AffectedObject } from '../../plan/change.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { showText } from '../words/show-value.ts'

/** Explains why an object is not deleted, because the broker would delete others together with it, and what to do. */
export function explainCascades({
  address,
  objects,
}: Extract<Block, { reason: 'cascades' }>): [what: string, remedy: string] {
  const named = objects.map((each) => `${each.address} (${ownerOf(each)})`).join(', ')
  const would = `RabbitMQ would delete ${countOf(objects.length, 'object')} with it`
  // This happens only in a prune, whose permission for the virtual host does not cover such objects.
  if (kindOf(address) === 'vhost') {
    return [
      `${would} that this prune does not delete: ${named}`,
      `delete the rest and keep the vhost with  --exclude ${address}`,
    ]
  }
  return [
    `${would} that this project does not own: ${named}`,
    `delete them too with  --allow delete=${address}   or keep it with  --exclude ${address}`,
  ]
}

/** Explains why an object is not deleted or renamed, because others send messages to it, and what to do. */
export function explainStillUsed({
  address,
  senders,
}: Extract<Block, { reason: 'still-used' }>): [what: string, ...ways: string[]] {
  const named = senders.map((each) => `${each.address} (${ownerOf(each)}${hostOf(each)})`).join(', ')
  return [
    `others send messages there, and the broker would drop them: by ${named}`,
    `route them to another queue first, or accept their loss with  --allow delete=${address}`,
  ]
}

function hostOf({ host }: AffectedObject): string {
  return host === undefined ? '' : `; to ${showText(host)}, which may be this broker by another name`
}

function ownerOf({ project, own }: AffectedObject): string {
  if (project !== undefined) return `owned by ${showText(project)}`
  return own === true ? 'owned by this project' : 'not owned by any project'
}

type PolicyBlock = Extract<
  Block,
  { readonly reason: 'policy-loses' | 'policy-displaced' | 'dead-letter-policy-outranked' }
>

/** Explains why a policy blocks a plan, and what to do. */
export function explainPolicy(block: PolicyBlock): readonly [what: string, ...ways: string[]] {
  const places = placesOf(block.places)
  switch (block.reason) {
    case 'policy-loses': {
      const losses = block.losses.map((each) => lossWords(each.loss, each)).join(', and ')
      return [
        `${block.policy} also applies to this queue${places}, and ${losses}`,
        'exclude this queue from its pattern, or declare a policy of a higher priority for it',
        'if you intend it, add it to the declaration, such as  deadLetter: { messageTtl: 14d, maxLength: 10000 }  or  expires: 1h',
      ]
    }
    case 'policy-displaced':
      return [
        `it would replace ${block.policy} on ${block.queue}${places}, and ${block.keys.join(', ')} would no longer apply`,
        'declare that policy in the files, or one with these keys, a lower priority and a pattern for this queue: they are then carried over',
      ]
    case 'dead-letter-policy-outranked':
      return [
        `${block.policy} applies to ${block.queue} instead${places}, and the broker would drop the dead letters`,
        `give ${block.policy} a lower priority than 100`,
      ]
  }
}

function placesOf(places: readonly Location[]): string {
  return places.length === 0 ? '' : ` (${places.map(formatLocation).join(', ')})`
}

type Replacement = Extract<Block, { reason: 'needs-replacement' }>

/** Explains why an object is not replaced, and what the user can decide. */
export function explainReplacement(block: Replacement): readonly [what: string, ...ways: string[]] {
  return [`RabbitMQ cannot change ${block.properties.join(', ')} in place: ${lossOf(block)}`, ...waysToReplace(block)]
}

function lossOf({ kind, impact }: Replacement): string {
  if (kind === 'exchange') return 'it would be deleted and recreated, and the broker refuses publishers in between'
  const messages = impact?.messages ?? 0
  return messages === 0
    ? 'it would be deleted and recreated'
    : `replacing it would lose ${countOf(messages, 'message')}`
}

function waysToReplace({ kind, address, byPolicy, migratedWith = address }: Replacement): string[] {
  const recreate = `--allow replace=${address}`
  return [
    kind === 'queue'
      ? `keep the messages with  --migrate ${migratedWith}   or accept their loss with  ${recreate}`
      : `replace it, bindings included, with  ${recreate}`,
    ...(byPolicy === undefined
      ? []
      : [`a policy can set ${byPolicy.join(', ')} without a replacement: declare it under policies:`]),
  ]
}

/** Explains why nothing is deleted while the messages at risk cannot be counted. */
export function explainUncounted({
  because,
  lacks,
}: Extract<Block, { reason: 'uncounted' }>): [what: string, remedy: string] {
  if (lacks === 'lock') {
    return [
      `nothing is deleted without the lock of the project: ${because}`,
      'make the lock available, and run the command again',
    ]
  }
  return [
    `the messages and consumers at risk cannot be counted: ${because}`,
    lacks === 'limit'
      ? 'raise that limit, or close other connections of this login, and run the command again'
      : 'set the AMQP address with  --amqp-url  or WARREN_AMQP_URL',
  ]
}

const OBSTACLES: { readonly [O in Exclude<MoveObstacle['obstacle'], 'disk'>]: string } = {
  'node-down': 'does not run',
  partition: 'has lost other nodes through a network partition',
  'memory-alarm': 'has a memory alarm, which stops publishers',
  'disk-alarm': 'has a disk alarm, which stops publishers',
}

/** Explains why the nodes cannot carry the moves of a plan, and what to do. */
export function explainMoveUnsafe({
  queues,
  obstacles,
}: Extract<Block, { reason: 'move-unsafe' }>): [what: string, remedy: string] {
  const named = obstacles.map((each) =>
    each.obstacle === 'disk'
      ? `${showText(each.node)} has ${withCommas(each.room)} bytes of free disk space above the limit of its alarm, and the messages may need ${withCommas(each.needed)}`
      : `${showText(each.node)} ${OBSTACLES[each.obstacle]}`,
  )
  return [
    `the messages of ${countOf(queues, 'queue')} would be moved, which could stop half way: ${named.join('; ')}`,
    'repair the nodes and run the command again, or migrate fewer queues at a time with  --target',
  ]
}
