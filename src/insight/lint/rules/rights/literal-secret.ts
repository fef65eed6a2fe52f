import { Secret } from '../../../../model/secrets/secret.ts'
import type { Parameter, GlobalParameter, ParameterValue } from '../../../../model/topology.ts'
import { about, type Rule } from '../../rule.ts'

export const literalSecret: Rule = {
  id: 'literal-secret',
  group: 'rights',
  severity: 'warning',
  meaning: 'A file contains a password or a URI with a login, so everyone who can read the repository can read it.',
  remedy: 'Write `${env:NAME}` or `${file:path}` instead, and change the password.',
  *check({ topology }) {
    for (const user of topology.users) {
      const { credential } = user
      if (credential?.kind !== 'password' || user.external) continue
      if (credential.written.literal === undefined && credential.byDefault !== true) continue
      yield about(
        'user',
        user,
        credential.byDefault === true
          ? `the password of user "${user.name}" is the default of its reference, which is in the file`
          : `the password of user "${user.name}" is in the file`,
        'write a reference such as ${env:NAME} or ${file:path} without a default, and change the password',
      )
    }
    for (const kind of ['parameter', 'global-parameter'] as const) {
      for (const parameter of kind === 'parameter' ? topology.parameters : topology.globalParameters) {
        const place = literalIn(parameter)
        if (place === undefined) continue
        yield about(
          kind,
          parameter as never,
          `the secret in ${place.join('.')} of ${kind} "${parameter.name}" is in the file`,
          'write a reference such as ${env:NAME} or ${file:path} without a default, and change the secret',
        )
      }
    }
  },
}

/** The path of a secret that does not come from a reference. Values that a broker reports do not come from a file. */
function literalIn({ origin, external, value, references = [] }: Parameter | GlobalParameter) {
  if (origin === undefined || external) return undefined
  const referred = new Set(references.map(({ path }) => JSON.stringify(path)))
  return secretPaths(value, ['value'])
    .find((path) => !referred.has(JSON.stringify(path)))
    ?.slice(1)
}

function secretPaths(
  value: ParameterValue,
  path: readonly (string | number)[],
): readonly (readonly (string | number)[])[] {
  if (value instanceof Secret) return [path]
  if (typeof value !== 'object' || value === null) return []
  return Array.isArray(value)
    ? value.flatMap((each: ParameterValue, at) => secretPaths(each, [...path, at]))
    : Object.entries(value).flatMap(([key, each]) => secretPaths(each, [...path, key]))
}
