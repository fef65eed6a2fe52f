import { randomBytes } from 'node:crypto'
import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import type { Desired } from '../../model/desired.ts'
import { excessiveLength } from '../../model/generated-names.ts'
import { Secret } from '../../model/secrets/secret.ts'
import type { Credential, User } from '../../model/topology.ts'

/** A topology with unique names. */
export interface Isolated {
  readonly desired: Desired
  /** The names of the vhosts on the broker, by their names in the files. */
  readonly vhosts: ReadonlyMap<string, string>
  /** The logins on the broker, by the names of the users in the files. */
  readonly users: ReadonlyMap<string, { readonly name: string; readonly password: string }>
}

/**
 * Gives every vhost and user of a topology a unique name and every user a known password. Creates external objects as
 * declared, because a test broker does not have them.
 */
export function isolate({ project, topology, routes, deadLetters, secrets }: Desired): Isolated {
  const suffix = randomBytes(6).toString('hex')
  const vhosts = new Map(topology.vhosts.map(({ name }, index) => [name, freshName(name, `test-${suffix}`, index)]))
  const users = new Map(
    topology.users.map(({ name, credential }, index) => [
      name,
      { name: freshName(name, suffix, index), password: passwordOf(credential) ?? randomBytes(12).toString('hex') },
    ]),
  )
  const inVhost = <T extends { readonly vhost: string }>(object: T): T => ({
    ...object,
    vhost: lookUp(vhosts, object.vhost),
  })
  const ofUser = <T extends { readonly user: string }>(object: T): T => ({
    ...object,
    user: lookUp(users, object.user).name,
  })

  const desired: Desired = {
    project,
    secrets,
    topology: {
      vhosts: topology.vhosts.map((vhost) => unprotected(standIn({ ...vhost, name: lookUp(vhosts, vhost.name) }))),
      exchanges: topology.exchanges
        .filter(({ name }) => !isBuiltInExchange(name))
        .map(inVhost)
        .map(standIn),
      queues: topology.queues.map(inVhost).map(standIn),
      bindings: topology.bindings.map(inVhost).map(standIn),
      users: topology.users.map((user) => withLogin(standIn(user), lookUp(users, user.name))),
      permissions: topology.permissions.map(inVhost).map(ofUser).map(standIn),
      topicPermissions: topology.topicPermissions.map(inVhost).map(ofUser).map(standIn),
      policies: topology.policies.map(inVhost),
      operatorPolicies: topology.operatorPolicies.map(inVhost),
      parameters: topology.parameters.map(inVhost),
      // A broker has only one global parameter of each name, which all tests would share.
      globalParameters: [],
    },
    routes: {
      publications: routes.publications.map(inVhost),
      subscriptions: routes.subscriptions.map(inVhost),
    },
    deadLetters: deadLetters.map(inVhost),
  }
  return { desired, vhosts, users }
}

/**
 * Returns the name with a suffix, so that its origin is visible on the broker, or a name without the original one if
 * that would be too long.
 */
function freshName(name: string, suffix: string, index: number): string {
  const fresh = name === '/' ? suffix : `${name}-${suffix}`
  return excessiveLength(fresh) === undefined ? fresh : `${index}-${suffix}`
}

function passwordOf(credential: Credential | undefined): string | undefined {
  return credential?.kind === 'password' ? credential.secret?.reveal() : undefined
}

function withLogin(user: User, login: { name: string; password: string }): User {
  const location = user.origin ?? { file: '', line: 1, column: 1 }
  return {
    ...user,
    name: login.name,
    credential: { kind: 'password', written: { location }, secret: new Secret(login.password) },
  }
}

function standIn<T extends { readonly external?: boolean }>(object: T): T {
  const { external: _external, ...own } = object
  return own as T
}

/** Removes protection, because the test deletes what it creates. */
function unprotected<T extends { readonly protect?: boolean }>(object: T): T {
  const { protect: _protect, ...rest } = object
  return rest as T
}

function lookUp<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name)
  // The expander has already checked every reference.
  if (found === undefined) throw new Error(`${JSON.stringify(name)} is not in the topology`)
  return found
}
