import { hideSecrets } from '../../model/secrets/hide-secrets.ts'
import { maskData } from '../../model/secrets/mask-data.ts'
import { maskThrown } from '../../model/secrets/mask-thrown.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'

export interface SecretsOptions {
  /** The registry for the secrets of this run. Default: a new one. */
  readonly secrets?: SecretRegistry
}

/**
 * Masks secrets where results leave the library. Printed and serialized errors and results show no secrets, and
 * callbacks receive none. A caller that passes a registry masks its own output, like the command line.
 */
export async function withSecrets<O extends SecretsOptions, T>(
  options: O,
  run: (options: O & { readonly secrets: SecretRegistry }) => Promise<T>,
): Promise<T> {
  const { secrets = new SecretRegistry() } = options
  const isOwn = options.secrets === undefined
  try {
    const result = await run({ ...(isOwn ? withMaskedCallbacks(options, secrets) : options), secrets })
    return isOwn ? hideSecrets(result, secrets) : result
  } catch (error) {
    throw maskThrown(error, secrets)
  }
}

/**
 * The same for results that are only displayed. These contain no secrets at all, because formats such as Markdown
 * escape texts, and an output could not recognize an escaped secret.
 */
export async function withMaskedResult<O extends SecretsOptions, T>(
  options: O,
  run: (options: O & { readonly secrets: SecretRegistry }) => Promise<T>,
): Promise<T> {
  return withSecrets(options, async (own) => maskData(await run(own), own.secrets))
}

type Callback = (...values: readonly unknown[]) => unknown

function withMaskedCallbacks<O extends object>(options: O, secrets: SecretRegistry): O {
  const entries = Object.entries(options).map(([name, option]: [string, unknown]) => {
    if (typeof option !== 'function') return [name, option]
    const callback = option as Callback
    return [name, (...values: readonly unknown[]) => callback(...values.map((each) => maskData(each, secrets)))]
  })
  return Object.fromEntries(entries) as O
}
