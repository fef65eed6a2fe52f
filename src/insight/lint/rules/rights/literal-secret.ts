import { about, type Rule } from '../../rule.ts'

export const literalSecret: Rule = {
  id: 'literal-secret',
  group: 'rights',
  severity: 'warning',
  meaning: 'A password stands in a file, where everyone who reads the repository reads it too.',
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
          ? `the password of user "${user.name}" is the default of its reference, which stands in the file`
          : `the password of user "${user.name}" stands in the file`,
        'write a reference such as ${env:NAME} or ${file:path} without a default, and change the password',
      )
    }
  },
}
