import { expect, it } from 'vitest'
import { explainFinding as sentenceOf, finding } from '../../../src/diagnostics/findings/finding.ts'

it.each([
  ['${env:API_PASSWORD}', 'export API_PASSWORD, or put it into .env'],
  ['${env:FIRST}-${env:SECOND}', 'export FIRST and SECOND, or put it into .env'],
  ['${var:password}', 'give it with --var-file, as a line password=value, or with --var'],
  ['${file:api.password}', 'write the password into the file that the reference names'],
])('says where to set the password of %s', (reference, hint) => {
  const found = finding('secret-missing', { user: 'api', missing: 'it is not set', reference })

  expect(sentenceOf(found)).toMatchObject({ hint })
})
