import type { Secret } from '../model/secret.ts'

/** Where the management API is and how to log in. */
export interface ManagementConnection {
  /** Base URL without login, such as `https://mq.example:15671`; a path before `/api` is kept. */
  readonly url: string
  readonly user: string
  readonly password: Secret
  readonly tls?: TlsOptions
  /** How long one request may take, in milliseconds. Default 30,000. */
  readonly timeout?: number
  /** How often an idempotent request is sent again after a connection error or a 5xx. Default 4. */
  readonly retries?: number
}

/** PEM texts, as Node.js takes them. */
export interface TlsOptions {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** False accepts any certificate. Default true. */
  readonly rejectUnauthorized?: boolean
}
