import type { Secret } from '../model/secret.ts'

/** Where the broker speaks AMQP and how to log in; without a virtual host. */
export interface AmqpTarget {
  readonly protocol: 'amqp' | 'amqps'
  readonly hostname: string
  readonly port: number
  readonly user: string
  readonly password: Secret
  readonly tls?: TlsTexts
  /** How long the broker may take to accept a connection or to answer a request, in milliseconds. Default 30,000. */
  readonly timeout?: number
}

/** PEM texts, as Node.js takes them. */
export interface TlsTexts {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** False accepts any certificate. Default true. */
  readonly rejectUnauthorized?: boolean
}
