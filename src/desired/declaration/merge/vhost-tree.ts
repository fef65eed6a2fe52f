import type { Place } from '../../source/places.ts'
import type { Table } from '../../source/tree.ts'

/** The documents of one vhost, merged into one. */
export interface VhostTree {
  readonly name: string
  /** The first position that names the vhost. */
  readonly origin: Place
  /** A document of the format: header and sections. */
  readonly root: Table
}
