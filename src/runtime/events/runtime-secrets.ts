import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { BrokerAddress } from '../connection/connection-settings.ts'
import type { Credentials, CredentialsProvider } from '../connection/credentials.ts'
import type { TlsOptions } from '../connection/connection-environment.ts'

/** The number of logins of a provider that are kept for masking, because an error may still contain an earlier one. */
const MOST_LOGINS = 4

/** Registers the credentials of a runtime each time it reads them. */
export class RuntimeSecrets {
  readonly registry = new SecretRegistry()
  readonly #given: { readonly user: string; readonly password: string }[] = []

  ofAddresses(addresses: readonly BrokerAddress[]): readonly BrokerAddress[] {
    for (const { username, password } of addresses) this.registry.addLogin(username.reveal(), password)
    return addresses
  }

  ofTls(tls: TlsOptions | undefined): TlsOptions | undefined {
    if (tls?.passphrase !== undefined) this.registry.add(tls.passphrase)
    if (tls?.key !== undefined) this.registry.add(String(tls.key))
    return tls
  }

  ofProvider(provider: CredentialsProvider | undefined): CredentialsProvider | undefined {
    return (
      provider &&
      (async () => {
        const given = await provider()
        this.#remember(given)
        return given
      })
    )
  }

  /** A provider may return nothing despite its type, and tokens that are renewed for years must not accumulate. */
  #remember(given: Partial<Credentials> | undefined): void {
    const { username: user = '', password } = given ?? {}
    if (typeof password !== 'string' || this.#given.some((each) => each.password === password)) return
    this.#given.push({ user, password })
    this.registry.addLogin(user, password)
    if (this.#given.length <= MOST_LOGINS) return
    const oldest = this.#given.shift()
    if (oldest) this.registry.forgetLogin(oldest.user, oldest.password)
  }
}
