import { addressOf } from '../../../model/address.ts'
import type { Permission, TopicPermission, User } from '../../../model/topology.ts'
import type { CommentedEntry } from '../../../desired/source/yaml/commented.ts'
import { escapeReferences } from '../../../desired/source/references/named-text.ts'
import type { SecretReferences } from './secret-references.ts'

/** The part of a user that one document declares. */
export interface UserPart {
  readonly user: User
  /**
   * Whether the document declares the user with tags, limits and the password hash. Other documents only add rights.
   */
  readonly isMain: boolean
  /** Whether another project declares the user. */
  readonly isExternal: boolean
  readonly permission?: Permission
  readonly topicPermissions: readonly TopicPermission[]
  /** References to the password hashes; absent if passwords are not exported. */
  readonly hashes?: SecretReferences
}

const DEFAULT_ALGORITHM = 'rabbit_password_hashing_sha256'

/** The users of a document. Permissions are written as patterns, because they do not show what a program needs. */
export function userEntries(users: readonly UserPart[], isProtected: (address: string) => boolean): CommentedEntry[] {
  return users
    .toSorted((one, other) => (one.user.name < other.user.name ? -1 : 1))
    .map((part): CommentedEntry => {
      const { user, isMain, isExternal, permission, topicPermissions } = part
      const entries: CommentedEntry[] = [
        ...(isMain ? ownEntries(part) : []),
        ...(permission ? [{ key: 'permissions', value: rights(permission, ['configure', 'write', 'read']) }] : []),
        ...topicEntries(topicPermissions),
        ...(isMain && isProtected(addressOf('user', user)) ? [{ key: 'protect', value: true }] : []),
        ...(isExternal ? [{ key: 'external', value: true }] : []),
      ]
      return { key: escapeReferences(user.name), value: { entries } }
    })
}

function ownEntries({ user: { name, credential, tags = [], limits = {} }, hashes }: UserPart): CommentedEntry[] {
  const hash = credential?.kind === 'hash' ? credential.hash : undefined
  const algorithm = credential?.kind === 'hash' ? credential.algorithm : undefined
  const isWritten = hashes !== undefined && hash !== undefined
  const table = Object.entries(limits).map(([key, value]) => ({ key, value: value as number }))
  return [
    ...(isWritten
      ? [{ key: 'passwordHash', value: hash.reveal() === '' ? '' : hashes.refer(hash, ['', 'password_hash', name]) }]
      : []),
    ...(isWritten && algorithm !== undefined && algorithm !== DEFAULT_ALGORITHM
      ? [{ key: 'hashingAlgorithm', value: algorithm }]
      : []),
    ...(tags.length === 0 ? [] : [{ key: 'tags', value: tags.map(escapeReferences) }]),
    ...(table.length === 0 ? [] : [{ key: 'limits', value: { entries: table } }]),
  ]
}

function topicEntries(permissions: readonly TopicPermission[]): CommentedEntry[] {
  if (permissions.length === 0) return []
  const entries = permissions
    .toSorted((one, other) => (one.exchange < other.exchange ? -1 : 1))
    .map((each) => ({ key: escapeReferences(each.exchange), value: rights(each, ['write', 'read']) }))
  return [{ key: 'topicPermissions', value: { entries } }]
}

/** A missing right is `""`, which matches nothing. */
function rights<R extends string>(from: { readonly [K in R]: string }, names: readonly R[]) {
  const entries = names
    .filter((name) => from[name] !== '')
    .map((name): CommentedEntry => ({ key: name, value: escapeReferences(from[name]) }))
  return { entries }
}
