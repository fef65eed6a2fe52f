import type { Secret } from '../../model/secrets/secret.ts'

/** The address of the management API, and the login. */
export interface ManagementConnection {
  /** Base URL without login, such as `https://mq.example:15671`; a path before `/api` is kept. */
  readonly url: string
  /** The name of the user. */
  readonly user: string
  /**
   * A `Secret` is not shown when the options are printed; a string is masked in everything that warren returns,
   * throws and prints.
   */
  readonly password: Secret | string
  /** For `https:`. Default: the authorities that Node.js trusts, and no client certificate. */
  readonly tls?: TlsOptions
  /** How long one request may take until the end of its response, in milliseconds; 0 means no limit. Default 30,000. */
  readonly timeout?: number
  /** How many times an idempotent request is repeated after a connection error or a 5xx. Default 4. */
  readonly retries?: number
  /** The maximum size of a response, in bytes. Default 512,000,000; the maximum is the longest text in Node.js. */
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
