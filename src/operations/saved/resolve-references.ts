import { type Finding, finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import { parseDuration } from '../../model/values/duration.ts'
import { maskCredentials, secretsOf } from '../../model/secrets/mask-credentials.ts'
import { Secret } from '../../model/secrets/secret.ts'
import { parseSize } from '../../model/values/size.ts'
import type { Declared, Parameter, User } from '../../model/topology.ts'
import { replaceAt, type WrittenValue } from '../../model/values/written-value.ts'
import type { Change } from '../../plan/change.ts'
import { addressOfSubject, isWrite, subjectOf } from '../../plan/steps/subject.ts'
import { resolveText } from '../../desired/source/references/resolve-secret.ts'
import { resolveCredential } from '../files/resolve-passwords.ts'

/** The sources of the values of references, see `TopologyOptions`. */
export interface ReferenceOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly variables?: Readonly<Record<string, string>>
}

export interface ResolvedChanges {
  readonly changes: readonly Change[]
  /** The secrets that references resolved to. */
  readonly secrets: readonly Secret[]
}

/**
 * Resolves the references of a saved plan: passwords, hashes, and values of parameters and other objects.
 *
 * @throws {InvalidInputError} naming all missing values
 */
export async function resolveReferences(
  changes: readonly Change[],
  options: ReferenceOptions,
): Promise<ResolvedChanges> {
  const run: Run = { ...options, missing: [], secrets: [] }
  const resolved: Change[] = []
  for (const change of changes) resolved.push(isWrite(change) ? await resolveChange(change, run) : change)
  if (run.missing.length > 0) throw new InvalidInputError(run.missing, new Map())
  return { changes: resolved, secrets: run.secrets }
}

interface Run extends ReferenceOptions {
  readonly missing: Finding[]
  readonly secrets: Secret[]
}

async function resolveChange(change: Change, run: Run): Promise<Change> {
  const { kind, object } = subjectOf(change)
  let after: Declared = object
  for (const written of object.references ?? []) after = await fillIn(change, after, written, run)
  if (kind === 'parameter' || kind === 'global-parameter') {
    const parameter = after as Parameter
    const value = maskCredentials(parameter.value)
    run.secrets.push(...secretsOf(value))
    after = { ...parameter, value } as Parameter
  }
  if (kind === 'user') after = await withCredential(after as User, run)
  const resolved = { ...change, after } as Change
  if (addressOfSubject(subjectOf(resolved)) !== change.address) throw otherName(change.address)
  return resolved
}

/** A reviewer approves an object by its name, so a reference must not change the name afterwards. */
function otherName(address: string): WarrenError {
  return new WarrenError(`a reference of the saved plan would change the name of ${address}; nothing was done`, {
    code: 'INVALID_PLAN',
    hint: 'plan again',
  })
}

async function fillIn({ address, kind }: Change, object: Declared, written: WrittenValue, run: Run): Promise<Declared> {
  const { path, reference, location, as } = written
  const { environment = {}, variables = {} } = run
  const { text, missing } = await resolveText(reference, location.file, { environment, variables })
  const value = text === undefined || as === undefined ? text : converted(text, as)
  if (text === undefined || value === undefined) {
    const problem =
      missing ?? `${path.join('.')} is not a ${as === 'number' ? 'number' : as === 'size' ? 'size' : 'duration'}`
    run.missing.push(finding('value-missing', { address, missing: problem, reference }, location))
    return object
  }
  // The value of a parameter need not be a secret as a whole; credentials are found inside it.
  const isParameter = kind === 'parameter' || kind === 'global-parameter'
  if (!isParameter || reference.includes('${file:')) run.secrets.push(new Secret(text))
  return replaceAt(object, path, value) as Declared
}

function converted(text: string, as: NonNullable<WrittenValue['as']>): string | number | undefined {
  const duration = parseDuration(text)
  switch (as) {
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
    case 'duration':
      return duration
    case 'size':
      return parseSize(text)
    case 'seconds':
      return duration === undefined ? undefined : `${duration / 1_000}s`
  }
}

async function withCredential(user: User, { environment = {}, variables = {}, missing }: Run): Promise<User> {
  const { credential } = user
  if (credential === undefined) return user
  if (credential.kind === 'hash' && credential.empty === true) {
    const { empty: _empty, ...rest } = credential
    return { ...user, credential: { ...rest, hash: new Secret('') } }
  }
  const resolved = await resolveCredential(credential, environment, variables)
  if (resolved.missing === undefined) return { ...user, credential: resolved }
  const { reference, location } = credential.written ?? {}
  const args = { user: user.name, missing: resolved.missing, ...(reference !== undefined && { reference }) }
  missing.push(finding('secret-missing', args, location))
  return user
}
