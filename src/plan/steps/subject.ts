import { addressOf } from '../../model/address.ts'
import type { Kind, ObjectOf } from '../../model/topology.ts'
import type { Change, DeleteChange, WriteChange, RebindChange } from '../change.ts'

/** An object with its kind. */
export type Subject = { [K in Kind]: { readonly kind: K; readonly object: ObjectOf[K] } }[Kind]

/** The desired object of a change, or the live one if it is deleted. */
export function subjectOf(change: Change): Subject {
  return { kind: change.kind, object: change.action === 'delete' ? change.before : change.after } as Subject
}

export function isDelete(change: Change): change is DeleteChange {
  return change.action === 'delete'
}

export function isWrite(change: Change): change is WriteChange {
  return change.action !== 'delete'
}

export function isRebind(change: Change): change is RebindChange {
  return change.action === 'replace' && change.kind === 'binding'
}

/** Addresses of the bindings that a binding replaces; its own address if the slot is only filled again. */
export function unboundBy({ unbinds }: RebindChange): string[] {
  return unbinds.map((each) => addressOf('binding', each))
}

/** The address of an object of any kind. */
export function addressOfSubject({ kind, object }: Subject): string {
  return addressOf(kind, object as never)
}

/** The virtual host of an object; users and global parameters have none. */
export function vhostOf({ kind, object }: Subject): string | undefined {
  switch (kind) {
    case 'vhost':
      return object.name
    case 'user':
    case 'global-parameter':
      return undefined
    case 'permission':
    case 'exchange':
    case 'topic-permission':
    case 'policy':
    case 'operator-policy':
    case 'queue':
    case 'binding':
    case 'parameter':
      return object.vhost
  }
}
