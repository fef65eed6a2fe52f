import { describe, expect, it } from 'vitest'
import { referredVariables, resolveConnection, resolveVariables } from '../../../src/desired/workspace/resolve-texts.ts'
import { configOf } from './configs.ts'

const CONFIG = configOf(
  `
projects: { billing: { paths: [b], variables: { prod: { replicas: 3, region: "\${env:REGION}" } } } }
environments:
  prod:
    url: "https://\${env:HOST}:15671"
    password: "\${env:PW:-guest}"
    ca: certs/ca.pem
    key: /etc/key.pem
    variables: { replicas: 1, size: 10 }
`,
  'shop/warren.config.yaml',
)
const [prod] = CONFIG.environments.values()
if (prod === undefined) throw new Error('the config has lost its environment')

describe('the settings of an environment', () => {
  it('have their references resolved, and their paths relative to the config', async () => {
    expect((await resolveConnection(prod, { HOST: 'mq' })).texts).toEqual({
      url: 'https://mq:15671',
      password: 'guest',
      ca: 'shop/certs/ca.pem',
      key: '/etc/key.pem',
    })
  })

  it('name a variable without a value, at its position', async () => {
    expect((await resolveConnection(prod, {})).findings).toMatchObject([
      {
        code: 'environment-variable-not-set',
        args: { name: 'HOST' },
        location: { file: 'shop/warren.config.yaml', line: 6 },
      },
    ])
  })

  it('have lower precedence than the variables of a project', async () => {
    const { texts } = await resolveVariables(CONFIG.projects.get('billing'), prod, { REGION: 'eu' })

    expect({ ...texts }).toEqual({ replicas: '3', size: '10', region: 'eu' })
  })

  it('list the variables of the process that they refer to', () => {
    expect([...referredVariables(prod)]).toEqual(['HOST', 'PW'])
  })
})
