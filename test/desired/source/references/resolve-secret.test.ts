import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/model/secrets/secret.ts'
import { resolveWrittenSecret } from '../../../../src/desired/source/references/resolve-secret.ts'

const location = { file: 'topologies/users.yaml', line: 3, column: 5 }
const environment = { PASSWORD: 'hunter2', EMPTY: '' }

async function resolve(reference: string): Promise<string | undefined> {
  const { secret, missing } = await resolveWrittenSecret({ reference, location }, environment, { v: 'given' }, (path) =>
    Promise.resolve(`text of ${path.slice(process.cwd().length)}\n`),
  )
  return secret?.reveal() ?? `missing: ${missing}`
}

describe('resolveWrittenSecret', () => {
  it.each([
    ['${env:PASSWORD}', 'hunter2'],
    ['a-${env:PASSWORD}-${var:v}', 'a-hunter2-given'],
    ['$${x}${env:PASSWORD}', '${x}hunter2'],
    ['${env:NOPE:-changeme}', 'changeme'],
    ['${file:../run/pw}', 'text of /run/pw'],
    ['${env:NOPE}', 'missing: NOPE is not set'],
    ['${env:NOPE}${var:nope}', 'missing: NOPE is not set, the variable nope is not given'],
    ['${env:EMPTY}', 'missing: EMPTY is empty'],
    ['${env:EMPTY:-}', 'missing: EMPTY is empty'],
    ['${env:toString}', 'missing: toString is not set'],
    ['${nope:x}', 'missing: there is no reference of this kind'],
  ])('%s is %j', async (reference, expected) => {
    expect(await resolve(reference)).toBe(expected)
  })

  it('returns a literal unchanged', async () => {
    const literal = new Secret('${env:PASSWORD}')

    expect(await resolveWrittenSecret({ literal, location }, environment, {})).toEqual({ secret: literal })
  })

  it('reads files of the file system, and reports the reason if it cannot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'secret-'))
    await writeFile(join(folder, 'good'), 'hunter2\r\n')
    await writeFile(join(folder, 'bad'), Buffer.from([0xff]))
    const at = { file: join(folder, 'users.yaml'), line: 1, column: 1 }
    const results = await Promise.all(
      ['good', 'bad', 'none', '.'].map(async (name) => {
        const { secret, missing } = await resolveWrittenSecret({ reference: `\${file:${name}}`, location: at }, {}, {})
        return secret?.reveal() ?? missing
      }),
    )
    await rm(folder, { recursive: true })

    expect(results).toEqual([
      'hunter2',
      'cannot read bad: it is not UTF-8 text',
      'cannot read none: there is no such file',
      'cannot read .: it is a folder',
    ])
  })
})
