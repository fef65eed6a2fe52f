import type { Desired } from '../../model/desired.ts'
import type { Credential, User } from '../../model/topology.ts'
import { resolveWrittenSecret } from '../../desired/source/references/resolve-secret.ts'

type Texts = Readonly<Record<string, string | undefined>>

/** Resolves the passwords and hashes of users, or reports what is missing. */
export async function resolvePasswords(
  desired: Desired,
  environment: Texts,
  variables: Readonly<Record<string, string>>,
): Promise<Desired> {
  const resolve = async (user: User): Promise<User> =>
    user.credential === undefined
      ? user
      : { ...user, credential: await resolveCredential(user.credential, environment, variables) }
  return {
    ...desired,
    topology: { ...desired.topology, users: await Promise.all(desired.topology.users.map(resolve)) },
  }
}

/** Resolves one password or hash, or reports what is missing. */
export async function resolveCredential(
  credential: Credential,
  environment: Texts,
  variables: Readonly<Record<string, string>>,
): Promise<Credential> {
  if (credential.written === undefined) return credential
  const { secret, missing, byDefault } = await resolveWrittenSecret(credential.written, environment, variables)
  if (missing !== undefined) return { ...credential, missing }
  if (secret === undefined) return credential
  const resolved = { ...(byDefault && { byDefault }) }
  return credential.kind === 'password'
    ? { ...credential, secret, ...resolved }
    : { ...credential, hash: secret, ...resolved }
}
