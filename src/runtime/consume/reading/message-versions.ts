import { failureText } from '../../../broker/amqp/messages/warren-headers.ts'
import { FIRST_VERSION, olderVersions, type Subscription, VERSION_HEADER } from '../../../model/routes.ts'
import type { Decoded } from '../../payloads/body.ts'
import { RouteError } from '../../routes/route-error.ts'

/**
 * Converts a body of one version to the next accepted version, synchronously. What it throws makes the message invalid.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- The program knows the shape of the older version.
export type Upcaster = (body: any) => unknown

/** Upcasters by the version that they convert. */
export type Upcasters = Readonly<Record<number, Upcaster>>

/** Returns the reason why a body of an older version does not match the schema of this version, or undefined. */
type CheckOlder = (version: number, body: unknown) => string | undefined

/** Converts the body of a message to the version of the handler, or says why it is not accepted. */
export type VersionReader = (
  body: unknown,
  headers: Readonly<Record<string, unknown>>,
  checkOlder?: CheckOlder,
) => Decoded

/**
 * Makes the reader of the versions that a subscription accepts. A body passes through the upcaster of its own version and those of
 * all accepted versions after it. A version newer than the handler's is read as it is: the topology accepts it
 * only if it is compatible.
 *
 * @returns undefined if the subscription accepts every version
 * @throws {RouteError} `INVALID_OPTION` when an accepted older version has no upcaster, or an upcaster no such version
 */
export function versionReader(
  { name, message }: Pick<Subscription, 'name' | 'message'>,
  upcast: Upcasters = {},
): VersionReader | undefined {
  const rule = message ?? {}
  const older = olderVersions(rule)
  checkUpcasters(name, older, upcast)
  const { accepts, version } = rule
  if (accepts === undefined || version === undefined) return undefined
  return (body, headers, checkOlder) => {
    const own = headers[VERSION_HEADER] ?? FIRST_VERSION
    if (typeof own !== 'number' || !accepts.includes(own)) {
      return { wrong: `its version ${shown(own)} is not accepted; accepted: ${accepts.join(', ')}` }
    }
    const wrong = own < version ? checkOlder?.(own, body) : undefined
    if (wrong !== undefined) return { wrong: `it does not match the schema of its version ${own}: ${wrong}` }
    let converted = body
    for (const from of older) {
      if (from < own) continue
      try {
        converted = upcast[from]?.(converted)
      } catch (error) {
        return { wrong: `its upcaster of version ${from} failed: ${failureText(error)}` }
      }
      if (converted instanceof Promise) {
        converted.catch(() => undefined)
        return { wrong: `its upcaster of version ${from} returns a promise, but messages are read synchronously` }
      }
    }
    return { body: converted }
  }
}

function checkUpcasters(subscription: string, older: readonly number[], upcast: Upcasters): void {
  const missing = older.filter((version) => typeof upcast[version] !== 'function')
  const needless = Object.keys(upcast).filter((version) => !older.includes(Number(version)))
  if (missing.length > 0) {
    throw new RouteError(
      'INVALID_OPTION',
      subscription,
      `consume("${subscription}") needs an upcaster for ${versions(missing)}`,
      `pass an option such as { upcast: { ${missing[0]}: (body) => ({ ...body }) } }, or accept fewer versions in the topology`,
    )
  }
  if (needless.length > 0) {
    throw new RouteError(
      'INVALID_OPTION',
      subscription,
      `consume("${subscription}") has an upcaster for ${versions(needless)}, and accepts no older message of it`,
      'remove the upcaster, or add the version to message.accepts of the subscription in the topology',
    )
  }
}

function versions(list: readonly (number | string)[]): string {
  return `${list.length === 1 ? 'version' : 'the versions'} ${list.join(', ')}`
}

/** The maximum length of a shown version, in characters, because a header may come from anywhere. */
const LONGEST = 40

function shown(version: unknown): string {
  const text = JSON.stringify(version) ?? String(version)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
