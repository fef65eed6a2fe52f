import type { Secret } from '../../model/secrets/secret.ts'

/** Where the management API is and how to log in. */
export interface ManagementConnection {
  /** Base URL without login, such as `https://mq.example:15671`; a path before `/api` is kept. */
  readonly url: string
  /** The name of the user. */
  readonly user: string
  /** A `Secret` shows nothing when the options are printed; a string is masked in all that warren returns, throws and prints. */
  readonly password: Secret | string
  /** For `https:`. Default: the authorities that Node.js trusts, and no client certificate. */
  readonly tls?: TlsOptions
  /** How long one request may take until its response has come to its end, in milliseconds; 0 is without limit. Default 30,000. */
  readonly timeout?: number
  /** How often an idempotent request is sent again after a connection error or a 5xx. Default 4. */
  readonly retries?: number
  /** How large a response may be, in bytes. Default 512,000,000; at most what Node.js can hold in one text. */
  readonly maxResponse?: number
}

/** PEM texts, as Node.js takes them. */
export interface TlsOptions {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** False accepts any certificate. Default true. */
  readonly rejectUnauthorized?: boolean
}
