import { maskCredentials } from '../../../model/secrets/mask-credentials.ts'
import { Secret } from '../../../model/secrets/secret.ts'
import type { ParameterValue } from '../../../model/topology.ts'
import type { CommentedEntry, CommentedValue } from '../../../desired/source/yaml/commented.ts'
import { escapeReferences } from '../../../desired/source/references/named-text.ts'
import { onOneLine } from '../../../diagnostics/text/shown-text.ts'
import type { DistinctNames } from '../layout/file-names.ts'

/** A secret that the files refer to and do not contain. */
export interface ReferencedSecret {
  /** The name of the variable. */
  readonly name: string
  /** The object that uses it, and its value without the secret part. */
  readonly comment: string
  readonly secret: Secret
}

/**
 * Writes values so that files hold no secret: a string with a login, or under a key that is called like a secret, becomes a
 * reference to a variable.
 */
export class SecretReferences {
  readonly #names: DistinctNames
  readonly #secrets = new Map<string, ReferencedSecret>()

  /** @param names gives each variable a distinct name */
  constructor(names: DistinctNames) {
    this.#names = names
  }

  /** By name, sorted. */
  get secrets(): readonly ReferencedSecret[] {
    return [...this.#secrets.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1))
  }

  /**
   * The value as it is written to the files.
   *
   * @param path the location of the value: the virtual host, and then the parts for the name of the variable
   */
  written(value: unknown, path: readonly string[]): CommentedValue {
    return this.#write(maskCredentials(value as ParameterValue), path)
  }

  /** Makes a reference for a secret that does not look like one. */
  refer(secret: Secret, path: readonly string[]): string {
    const [vhost = '', ...parts] = path
    // Two bindings between the same ends may hold two secrets in the same place.
    const name = this.#names.of(JSON.stringify([...path, secret.reveal()]), variableName(parts))
    const place = vhost === '' ? '' : ` in ${JSON.stringify(vhost)}`
    const comment = onOneLine(`${parts.join(' ')}${place}: ${String(secret)}`)
    this.#secrets.set(name, { name, comment, secret })
    return `\${env:${name}}`
  }

  #write(value: ParameterValue, path: readonly string[]): CommentedValue {
    if (value instanceof Secret) return this.refer(value, path)
    if (typeof value === 'string') return escapeReferences(value)
    if (typeof value !== 'object' || value === null) return value
    if (isList(value)) return value.map((each, index) => this.#write(each, [...path, String(index + 1)]))
    const entries = Object.entries(value).map(([key, each]): CommentedEntry => ({
      key,
      value: this.#write(each, [...path, key]),
    }))
    return { entries }
  }
}

function isList(value: ParameterValue): value is readonly ParameterValue[] {
  return Array.isArray(value)
}

/** `SHOVEL_ORDERS_SRC_URI`. */
function variableName(path: readonly string[]): string {
  const name = path
    .join('_')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return /^[A-Z]/.test(name) ? name : `WARREN_${name}`.replace(/_$/, '')
}
