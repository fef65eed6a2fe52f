/** The user who changed an object on the broker, and the time. */
export interface BrokerChange {
  /** The name of the user; `rmq-internal` if the broker itself did it, for example when a queue expired. */
  readonly changedBy: string
  /** By the broker's clock, in ISO 8601. */
  readonly changedAt: string
}

/** An event of the broker about an object. */
export interface BrokerEvent {
  /** Such as `queue.deleted`. */
  readonly key: string
  readonly headers: Readonly<Record<string, unknown>>
  /** When it happened, in milliseconds since 1970. */
  readonly at: number
}

/** The user that the broker names for its own actions. */
const INTERNAL_USER = 'rmq-internal'

/** Whether the broker itself changed an object. */
export function isOfBroker({ changedBy }: Pick<BrokerChange, 'changedBy'>): boolean {
  return changedBy === INTERNAL_USER
}

/** The change of an event; undefined if the event names no user. */
export function changeOf({ headers, at }: BrokerEvent): BrokerChange | undefined {
  const user = headers['user_who_performed_action']
  if (typeof user !== 'string' || user === '') return undefined
  return { changedBy: user, changedAt: new Date(at).toISOString() }
}
