import { maskCredentials } from '../../src/model/secrets/mask-credentials.ts'
import { Secret } from '../../src/model/secrets/secret.ts'
import type { ParameterValue, Topology, User } from '../../src/model/topology.ts'
import { replaceAt, type WrittenValue } from '../../src/model/values/written-value.ts'

export interface Referenced {
  readonly topology: Topology
  /** The values of the references. */
  readonly environment: Readonly<Record<string, string>>
}

const location = { file: 'topology.yaml', line: 1, column: 1 }

/** A topology from files in which every secret, and every text of a parameter, is a reference. */
export function withReferences(topology: Topology): Referenced {
  const environment: Record<string, string> = {}
  const refer = (text: string): string => {
    const name = `VALUE_${Object.keys(environment).length}`
    environment[name] = text
    return `\${env:${name}}`
  }
  const user = (any: User): User => {
    const { credential } = any
    if (credential?.kind === 'password' && credential.secret !== undefined)
      return {
        ...any,
        credential: { ...credential, written: { reference: refer(credential.secret.reveal()), location } },
      }
    const hash = credential?.kind === 'hash' ? credential.hash?.reveal() : undefined
    return hash === undefined || hash === ''
      ? any
      : ({ ...any, credential: { ...credential, written: { reference: refer(hash), location } } } as User)
  }
  const parameter = <T extends { readonly value: ParameterValue }>(any: T): T => {
    const texts = textsIn(any.value, ['value'])
    if (texts.length === 0) return any
    const references = texts.map(({ path, text }): WrittenValue => ({ path, reference: refer(text), location }))
    const plain = texts.reduce<unknown>((rest, { path, text }) => replaceAt(rest, path, text), any) as T
    return { ...plain, value: maskCredentials(plain.value), references }
  }
  return {
    topology: {
      ...topology,
      users: topology.users.map(user),
      parameters: topology.parameters.map(parameter),
      globalParameters: topology.globalParameters.map(parameter),
    },
    environment,
  }
}

interface TextAt {
  readonly path: readonly (string | number)[]
  readonly text: string
}

function textsIn(value: ParameterValue, path: readonly (string | number)[]): TextAt[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (value instanceof Secret) return [{ path, text: value.reveal() }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]: [string, ParameterValue]) =>
    textsIn(each, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}
