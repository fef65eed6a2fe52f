import type { NotExported } from '../../model/not-exported.ts'

/** A part that could not be read, so it is unknown instead of absent. */
export interface Unread {
  readonly what: UnknownPart
  /** The vhost that it belongs to; absent if it belongs to the whole broker. */
  readonly vhost?: string
  readonly reason: UnknownReason
}

export type UnknownPart =
  | NotExported
  /** All objects of a vhost. */
  | 'vhost'
  /** The owners of objects. */
  | 'owners'
  /** A record of ownership that is damaged, or of a newer version of warren. */
  | 'damaged-owners'
  | 'messages'
  | 'consumers'
  /** Names and products of the clients. */
  | 'clients'
  | 'usage'

/** Why a part could not be read. */
export type UnknownReason =
  /** The login has no permissions in the vhost. */
  | 'no-permission'
  | 'needs-administrator'
  | 'needs-policymaker'
  | 'needs-monitoring'
  /** The broker collects no statistics. */
  | 'statistics-off'
  /** The broker answered the request with an error. */
  | 'refused'
  /** A definitions file does not contain it. */
  | 'not-exported'
  | 'unreadable-record'
