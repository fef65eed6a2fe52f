import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { tlsFromEnvironment } from '../../../src/runtime/connection/connection-environment.ts'
import { brokerAddresses } from '../../../src/runtime/connection/connection-settings.ts'

function plain(urls: string | readonly string[] | undefined, environment: Record<string, string> = {}) {
  return brokerAddresses(urls, environment).map((address) => ({
    ...address,
    username: address.username.reveal(),
    password: address.password.reveal(),
  }))
}

function thrownBy(run: () => void): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

const local = {
  protocol: 'amqp',
  hostname: 'localhost',
  port: 5672,
  username: 'guest',
  password: 'guest',
  vhost: undefined,
  heartbeat: undefined,
  external: false,
  isDefault: false,
}

describe('brokerAddresses', () => {
  it('is RabbitMQ on this machine by default', () => {
    expect(plain(undefined)).toEqual([{ ...local, isDefault: true }])
  })

  it('reads all parts of a URL, percent-encoded ones too', () => {
    expect(plain('amqps://u%40x:p%2Fw@mq.example:5673/%2Fshop?heartbeat=7')).toEqual([
      {
        protocol: 'amqps',
        hostname: 'mq.example',
        port: 5673,
        username: 'u@x',
        password: 'p/w',
        vhost: '/shop',
        heartbeat: 7,
        external: false,
        isDefault: false,
      },
    ])
  })

  it('treats a URL that ends with a slash as a URL without a vhost', () => {
    expect(plain('amqp://localhost/')).toEqual([local])
    expect(plain('amqp://localhost/%2F')).toEqual([{ ...local, vhost: '/' }])
  })

  it('knows the ports and addresses of IPv6', () => {
    expect(plain('amqps://[::1]')).toEqual([{ ...local, protocol: 'amqps', hostname: '::1', port: 5671 }])
  })

  it('takes several nodes, as a list or separated by commas', () => {
    expect(plain(['amqp://a', 'amqp://b']).map(({ hostname }) => hostname)).toEqual(['a', 'b'])
    expect(plain('amqp://u:p,w@a, amqp://b').map(({ hostname, password }) => [hostname, password])).toEqual([
      ['a', 'p,w'],
      ['b', 'guest'],
    ])
  })

  it('prefers WARREN_AMQP_URL to AMQP_URL, and both to the parts', () => {
    const environment = { WARREN_AMQP_URL: 'amqp://one', AMQP_URL: 'amqp://two', RABBITMQ_HOST: 'three' }
    expect(plain(undefined, environment)).toEqual([{ ...local, hostname: 'one' }])
    expect(plain(undefined, { ...environment, WARREN_AMQP_URL: '' })).toEqual([{ ...local, hostname: 'two' }])
  })

  it('reads the parts of the guide from the environment', () => {
    const environment = {
      RABBITMQ_HOST: 'mq',
      RABBITMQ_PORT: '5673',
      RABBITMQ_USER: 'app',
      RABBITMQ_PASSWORD: 'p@ss',
      RABBITMQ_VHOST: '/shop',
    }
    expect(plain(undefined, environment)).toEqual([
      { ...local, hostname: 'mq', port: 5673, username: 'app', password: 'p@ss', vhost: '/shop' },
    ])
  })

  it('reads TLS, the login mechanism and the heartbeat from the environment, also with a URL', () => {
    const environment = { RABBITMQ_TLS: 'true', RABBITMQ_AUTH: 'external', RABBITMQ_HEARTBEAT: '30' }
    expect(plain(undefined, environment)).toEqual([
      { ...local, protocol: 'amqps', port: 5671, external: true, heartbeat: 30 },
    ])
    const url = 'amqps://mq?heartbeat=7'
    expect(plain(undefined, { ...environment, AMQP_URL: url })).toEqual([
      { ...local, protocol: 'amqps', hostname: 'mq', port: 5671, external: true, heartbeat: 7 },
    ])
  })

  it.each([
    [{ RABBITMQ_TLS: 'yes' }, 'RABBITMQ_TLS is neither true nor false: yes — write true or false'],
    [{ RABBITMQ_AUTH: 'oauth' }, 'RABBITMQ_AUTH is neither plain nor external: oauth'],
    [{ RABBITMQ_HEARTBEAT: '1m' }, 'RABBITMQ_HEARTBEAT is not a number of seconds: 1m'],
    [
      { RABBITMQ_PASSWORD_FILE: '/nowhere' },
      'the file of RABBITMQ_PASSWORD_FILE cannot be read: there is no such file',
    ],
  ])('explains what is wrong with %j', (environment, message) => {
    expect(() => brokerAddresses(undefined, environment)).toThrow(message)
  })

  it.each([
    ['not a url', 'the url option is not an AMQP URL'],
    ['http://localhost', 'the url option is not an AMQP URL'],
    ['amqp://u:%zz@localhost', 'the url option has a "%" that encodes nothing'],
    ['amqp://localhost?verify=none', 'the url option has an unknown parameter "verify"'],
    ['amqp://localhost?heartbeat=soon', 'the url option has a heartbeat that is not a number of seconds'],
  ])('explains what is wrong with %s', (url, message) => {
    expect(() => brokerAddresses(url, {})).toThrow(message)
  })

  it('does not show a value that was given instead of the path of a secret file', () => {
    for (const variable of ['RABBITMQ_PASSWORD_FILE', 'RABBITMQ_KEY_FILE', 'RABBITMQ_CA_FILE']) {
      const read = () => {
        brokerAddresses(undefined, { [variable]: 'Pa55W0rd' })
        tlsFromEnvironment({ [variable]: 'Pa55W0rd' })
      }
      const thrown = thrownBy(read)

      expect(inspect(thrown, { depth: 9 })).toContain(`the file of ${variable} cannot be read`)
      expect(inspect(thrown, { depth: 9 })).not.toContain('Pa55W0rd')
    }
  })

  it('shows a login neither in an error nor when printed', () => {
    expect(() => brokerAddresses('http://user:hunter2@localhost', {})).toThrow(/^(?!.*hunter2)/)
    expect(inspect(brokerAddresses('amqp://user:hunter2@localhost', {}), { depth: 9 })).not.toMatch(/hunter2|user:/)
  })

  it('refuses an invalid port', () => {
    expect(() => brokerAddresses(undefined, { RABBITMQ_PORT: 'amqp' })).toThrow('RABBITMQ_PORT is not a port')
  })
})
