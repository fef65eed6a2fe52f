import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/desired/workspace/read-config.ts'
import { configOf, problemsOf } from './configs.ts'

describe('warren.config.yaml', () => {
  it('takes paths relative to itself', () => {
    const config = configOf(
      `
projects:
  billing:
    paths: [billing/, /etc/topology.yaml]
    overlays: { prod: [overlays/prod.yaml] }
environments: { prod: { variableFiles: [prod.vars] } }
`,
      '../repository/warren.config.yaml',
    )

    expect(config.projects.get('billing')).toMatchObject({
      paths: ['../repository/billing/', '/etc/topology.yaml'],
      overlays: new Map([['prod', ['../repository/overlays/prod.yaml']]]),
    })
    expect(config.environments.get('prod')?.variableFiles).toEqual(['../repository/prod.vars'])
  })

  it('uses numbers of variables as written', () => {
    const config = configOf('environments: { dev: { variables: { version: 1.10, on: true, text: "01" } } }')

    const variables = [...(config.environments.get('dev')?.variables ?? [])].map(([name, { text }]) => [name, text])
    expect(variables).toEqual([
      ['version', '1.10'],
      ['on', 'true'],
      ['text', '01'],
    ])
  })

  it('names an unknown key with its place and the most similar one', () => {
    expect(problemsOf('enviroments: {}')).toEqual(['2:1 unknown key "enviroments" (did you mean "environments"?)'])
    expect(problemsOf('environments: { dev: { passwordfile: pw } }')).toEqual([
      '2:24 unknown key "passwordfile" (did you mean "passwordFile"?)',
    ])
  })

  it('needs warrenConfig: 1', () => {
    const missing = parseConfig({ path: 'c', text: 'projects: {}\n' }).findings
    const newer = parseConfig({ path: 'c', text: 'warrenConfig: 2\n' }).findings

    expect(missing).toMatchObject([{ code: 'missing-key', args: { key: 'warrenConfig' } }])
    expect(newer).toMatchObject([{ code: 'wrong-value', args: { what: 'warrenConfig' } }])
  })

  it('refuses a password in the config, also as a part of a URL', () => {
    expect(problemsOf('environments: { dev: { password: hunter2 } }')).toEqual([
      '2:34 the password of the environment "dev" is written in the config itself, as a part of "password" (write a reference such as ${env:NAME}, or name a file with passwordFile)',
    ])
    expect(problemsOf('environments: { dev: { amqpUrl: "amqp://me:hunter2@mq" } }')).toHaveLength(1)
    expect(problemsOf('environments: { dev: { password: "$${env:PW}" } }')).toHaveLength(1)
  })

  it('accepts a password that is a reference, with a default too', () => {
    expect(
      problemsOf('environments: { dev: { password: "${env:PW:-guest}", url: "http://me:${env:PW}@mq" } }'),
    ).toEqual([])
  })

  it('refuses a password together with a password file', () => {
    expect(problemsOf('environments: { dev: { password: "${env:PW}", passwordFile: pw } }')).toEqual([
      '2:61 the environment "dev" has both password and passwordFile (remove one of them)',
    ])
  })

  it('refuses references of other kinds, and in other positions', () => {
    expect(problemsOf('environments: { dev: { url: "${var:url}" } }')).toEqual([
      '2:29 ${var:url} cannot be resolved in a config (use ${env:NAME} or ${env:NAME:-default})',
    ])
    expect(problemsOf('projects: { a: { paths: ["${env:HOME}/a"] } }')).toEqual([
      '2:26 paths[0] contains a reference, but references are not resolved there (references are resolved in the settings of a connection and in variables)',
    ])
    expect(problemsOf('environments: { dev: { url: "${env:URL" } }')).toHaveLength(1)
  })

  it('names environments that it does not have', () => {
    expect(
      problemsOf(`projects:
  a: { paths: [a], environments: [prodd], overlays: { staging: [o] } }
  b: { paths: [b], environments: [prod], variables: { dev: { x: 1 } } }
environments: { prod: {}, dev: {} }
defaultEnvironment: def
`),
    ).toEqual([
      '3:35 the config has no environment "prodd" (did you mean "prod"?)',
      '3:55 the config has no environment "staging" (it has "prod", "dev")',
      '4:55 the project "b" is not deployed to "dev", by its own "environments" (add the environment there, or remove this entry)',
      '6:21 the config has no environment "def" (did you mean "dev"?)',
    ])
  })

  it('refuses invalid numbers and percentages of deletes', () => {
    const problems = (value: string) => problemsOf(`environments: { dev: { maxDeletes: ${value} } }`)

    expect([problems('5'), problems('30%'), problems('0')].flat()).toEqual([])
    for (const wrong of ['101%', '-1', 'few', '5.5']) expect(problems(wrong)).toHaveLength(1)
  })
})
