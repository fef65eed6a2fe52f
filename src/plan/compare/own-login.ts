import type { Kind, ObjectOf } from '../../model/topology.ts'

/**
 * Whether an object is the login of the run, or one of its permissions. A run that changed these could lock itself
 * out.
 */
export function isOwnLogin(kind: Kind, object: ObjectOf[Kind], login: string): boolean {
  switch (kind) {
    case 'user':
      return (object as ObjectOf['user']).name === login
    case 'permission':
    case 'topic-permission':
      return (object as ObjectOf['permission']).user === login
    case 'vhost':
    case 'exchange':
    case 'policy':
    case 'operator-policy':
    case 'queue':
    case 'binding':
    case 'parameter':
    case 'global-parameter':
      return false
  }
}
