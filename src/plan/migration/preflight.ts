import { addressOf } from '../../model/address.ts'
import type { Block, MoveObstacle } from '../block.ts'
import type { Change } from '../change.ts'
import type { Note } from '../note.ts'
import type { NodeState, PlannedTopology } from '../planned-topology.ts'

/** A moved message exists in the holding queue and in the new queue until the broker reclaims the space. */
const COPIES = 2

/**
 * Checks once for all moves of a plan that the nodes can carry them: no alarm stops publishers, all nodes run and see each
 * other, and the disks have room for the messages. Moves that a stopped run has begun are finished in any case.
 */
export function preflight(
  { nodes = [], bytes }: Pick<PlannedTopology, 'nodes' | 'bytes'>,
  changes: readonly Change[],
): Block[] {
  const moves = changes.filter(isNewMove)
  const [first] = moves
  if (first === undefined) return []
  const size = moves.reduce((sum, { before }) => sum + (bytes?.get(addressOf('queue', before)) ?? 0), 0)
  const obstacles = nodes.flatMap((node) => obstaclesAt(node, size * COPIES))
  return obstacles.length === 0
    ? []
    : [{ reason: 'move-unsafe', address: first.address, queues: moves.length, obstacles }]
}

/** Says which moves a plan could not check, because the login may not read the nodes. */
export function uncheckedMoves(
  { nodesRefused }: Pick<PlannedTopology, 'nodesRefused'>,
  changes: readonly Change[],
): Note[] {
  const addresses = nodesRefused === true ? changes.filter(isNewMove).map(({ address }) => address) : []
  return addresses.length === 0 ? [] : [{ note: 'nodes-unchecked', addresses }]
}

type Move = Extract<Change, { kind: 'queue'; action: 'replace' | 'rename' }>

function isNewMove(change: Change): change is Move {
  if (change.kind !== 'queue') return false
  if (change.action === 'rename') return change.resumes !== true
  return change.action === 'replace' && change.how === 'migrate' && change.resumes !== true
}

function obstaclesAt({ name: node, runs, lost, alarms, room }: NodeState, needed: number): MoveObstacle[] {
  if (!runs) return [{ obstacle: 'node-down', node }]
  return [
    ...(lost ? [{ obstacle: 'partition', node } as const] : []),
    ...alarms.map((alarm) => ({ obstacle: `${alarm}-alarm`, node }) as const),
    ...(room !== undefined && needed > room ? [{ obstacle: 'disk', node, room, needed } as const] : []),
  ]
}
