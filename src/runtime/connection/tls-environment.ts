import type { TlsOptions } from './log-in.ts'
import { readSecretFile } from './secret-file.ts'

/**
 * How to speak TLS as the environment says: `RABBITMQ_CA_FILE`, and for a client certificate `RABBITMQ_CERT_FILE` and
 * `RABBITMQ_KEY_FILE` (with `RABBITMQ_KEY_PASSPHRASE`), all PEM; `RABBITMQ_SERVER_NAME`. The files are read with each
 * connection, since certificates are renewed under running programs. Undefined when it says nothing.
 */
export function tlsFromEnvironment(environment: Readonly<Record<string, string | undefined>>): TlsOptions | undefined {
  const file = (name: string): string | undefined => {
    const path = environment[name]
    return path ? readSecretFile(name, path) : undefined
  }
  const ca = file('RABBITMQ_CA_FILE')
  const cert = file('RABBITMQ_CERT_FILE')
  const key = file('RABBITMQ_KEY_FILE')
  const passphrase = environment['RABBITMQ_KEY_PASSPHRASE']
  const servername = environment['RABBITMQ_SERVER_NAME']
  const options: TlsOptions = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase && { passphrase }),
    ...(servername && { servername }),
  }
  return Object.keys(options).length > 0 ? options : undefined
}
