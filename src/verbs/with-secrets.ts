import { hideSecrets, maskError } from '../model/secrets/hide-secrets.ts'
import { SecretRegistry } from '../model/secrets/secret-registry.ts'

export interface SecretsOptions {
  /** Where this run registers its secrets. Default: a registry of its own. */
  readonly secrets?: SecretRegistry
}

/**
 * The exit of the library: what a verb throws shows no secret, and what it returns can be printed and serialized without
 * one. Whoever gives a registry masks its outputs, as the command line does.
 */
export async function withSecrets<O extends SecretsOptions, T>(
  options: O,
  run: (options: O & { readonly secrets: SecretRegistry }) => Promise<T>,
): Promise<T> {
  const secrets = options.secrets ?? new SecretRegistry()
  try {
    const result = await run({ ...options, secrets })
    return options.secrets === undefined ? hideSecrets(result, secrets) : result
  } catch (error) {
    maskError(error, secrets)
    throw error
  }
}
