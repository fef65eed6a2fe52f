import type { Secret } from '../../../model/secrets/secret.ts'

/** The AMQP address of a broker and the login, without a virtual host. */
export interface AmqpTarget {
  readonly protocol: 'amqp' | 'amqps'
  readonly hostname: string
  readonly port: number
  /** The name of the user. */
  readonly user: string
  readonly password: Secret | string
  readonly tls?: TlsTexts
  /** How long the broker may take to accept a connection or to answer a request, in milliseconds. Default 30,000. */
  readonly timeout?: number
  /**
   * How long a channel may go without an answer or a confirm before it is closed, in milliseconds. Default 30,000.
   *
   * @internal for tests
   */
  readonly answerLimit?: number
  /**
   * How long running requests may take to end after a signal, in milliseconds. Default 5,000.
   *
   * @internal for tests
   */
  readonly stopGrace?: number
  /**
   * The broker behind the management API; a connection to another broker is refused. Default: not checked.
   *
   * @internal because warren asks the management API
   */
  readonly expectedBroker?: ExpectedBroker
}

/** The broker that the AMQP address must lead to. */
export interface ExpectedBroker {
  /** The cluster name that its management API reports; undefined if there is none. */
  readonly clusterName: string | undefined
  /** The URL of its management API, without a login. */
  readonly url: string
}

/** PEM texts, as Node.js takes them. */
export interface TlsTexts {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** False accepts any certificate. Default true. */
  readonly rejectUnauthorized?: boolean
}
