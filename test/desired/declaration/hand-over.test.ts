import { describe, expect, it } from 'vitest'
import { declaration, declareFiles, findingsOf, HEAD } from './declaring.ts'

const handOverOf = async (...args: Parameters<typeof declaration>) => (await declaration(...args)).handOver

describe('the header of a project that takes objects over', () => {
  it('names the projects that own them now, combined from all documents and overlays', async () => {
    const files = {
      'a.yaml': `${HEAD}takesOver: [sales, billing]\n`,
      'b.yaml': `${HEAD}vhost: b\ntakesOver: [billing]\nprojectRenamedFrom: store\n`,
    }
    const overlay = { 'o.yaml': 'vhost: b\ntakesOver: [legacy]\n' }

    expect(await handOverOf(files, overlay)).toEqual({
      takesOver: ['billing', 'legacy', 'sales'],
      renamedFrom: 'store',
    })
    expect(await handOverOf(HEAD)).toBeUndefined()
    expect(await handOverOf(`${HEAD}takesOver: []\n`)).toBeUndefined()
  })

  it('takes references', async () => {
    const text = `${HEAD}takesOver: ["\${var:old}-\${env:STAGE:-dev}"]\nprojectRenamedFrom: "\${var:old}"\n`

    expect(await handOverOf(text, {}, { variables: { old: 'billing' } })).toEqual({
      takesOver: ['billing-dev'],
      renamedFrom: 'billing',
    })
  })

  it.each([
    [
      'takesOver: billing',
      't.yaml:3:12 wrong-value: takesOver: expected a list of names of projects, found the text "billing"',
    ],
    ['takesOver: [3]', 't.yaml:3:13 wrong-value: takesOver: expected the name of a project, found the number 3'],
    [
      'projectRenamedFrom: [a]',
      't.yaml:3:21 wrong-value: projectRenamedFrom: expected the name of a project, found a list',
    ],
    ['takesOver: [""]', 't.yaml:3:13 name-invalid: the name "" of the project is empty'],
    ['takesOver: [shop]', 't.yaml:3:13 hand-over-to-itself: takesOver names "shop", which is the project itself'],
    [
      'projectRenamedFrom: shop',
      't.yaml:3:21 hand-over-to-itself: projectRenamedFrom names "shop", which is the project itself',
    ],
  ])('is refused when it is %j', async (line, finding) => {
    expect(await findingsOf(`${HEAD}${line}\n`)).toEqual([finding])
  })

  it('must agree on the former name of the project', async () => {
    const files = {
      'a.yaml': `${HEAD}projectRenamedFrom: a\n`,
      'b.yaml': `${HEAD}vhost: b\nprojectRenamedFrom: b\n`,
    }

    expect((await declareFiles(files)).findings).toMatchObject([
      { code: 'former-project-differs', args: { project: 'b', first: 'a' }, location: { file: 'b.yaml', line: 4 } },
    ])
  })

  it('must not name a secret', async () => {
    expect((await declareFiles(`${HEAD}takesOver: ["\${file:secret}"]\n`)).findings).toMatchObject([
      { code: 'file-in-name' },
    ])
  })
})
