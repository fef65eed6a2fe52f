import type { Desired } from '../desired.ts'
import type { SecretRegistry } from './secret-registry.ts'
import type { Credential, Topology } from '../topology.ts'
import { defaultsIn } from '../values/written-value.ts'

/** Properties of objects that are names or used for routing. They are shown even if a password equals them. */
const NAMES = new Set([
  'name',
  'vhost',
  'user',
  'exchange',
  'queue',
  'source',
  'destination',
  'routingKey',
  'component',
  'renamedFrom',
])

/** Registers the secrets of a topology, declared or live: passwords, hashes, and logins in any value. */
export function registerTopology(secrets: SecretRegistry, topology: Topology): void {
  for (const objects of Object.values(topology) as (readonly object[])[]) registerObjects(secrets, objects)
}

/** Registers the secrets in the declarations, including texts from `${file:}`. */
export function registerDesired(secrets: SecretRegistry, desired: Desired): void {
  secrets.addNames([desired.project])
  for (const secret of desired.secrets) secrets.addDeclared(secret)
  registerTopology(secrets, desired.topology)
  registerObjects(secrets, desired.routes.publications)
  registerObjects(secrets, desired.routes.subscriptions)
}

/** Registers the secrets of declared or live objects of any kind. */
export function registerObjects(secrets: SecretRegistry, objects: readonly object[]): void {
  for (const object of objects) {
    for (const property of Object.keys(object)) {
      const value = (object as Readonly<Record<string, unknown>>)[property]
      if (typeof value === 'string' && NAMES.has(property)) secrets.addName(value)
      else if (property !== 'origin' && property !== 'references') secrets.addFrom(value)
      if (property === 'credential') registerDefaults(secrets, value as Credential | undefined)
    }
  }
}

/** The default value in a reference to a password is a password too. */
function registerDefaults(secrets: SecretRegistry, credential: Credential | undefined): void {
  for (const text of defaultsIn(credential?.written?.reference ?? '')) secrets.add(text)
}
