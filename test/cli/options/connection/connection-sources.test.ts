import { describe, expect, it } from 'vitest'
import { amqpOption } from '../../../../src/cli/options/connection/amqp-option.ts'
import { brokerOptions } from '../../../../src/cli/options/connection/broker-options.ts'
import type { ConnectionFlags } from '../../../../src/cli/options/connection/connection-sources.ts'
import { textOf } from '../../../../src/model/secrets/secret.ts'
import { silentIo } from '../../../builders/silent-io.ts'

type Variables = Readonly<Record<string, string>>

/** The address that a command would connect to, as `url user:password`, with the text on standard error. */
function connection({
  flags = {},
  environment = {},
  file = {},
}: {
  readonly flags?: ConnectionFlags
  readonly environment?: Variables
  readonly file?: Variables
}) {
  let printed = ''
  const io = silentIo({
    err: (text) => void (printed += text),
    environment: { ...file, ...environment },
    fileVariables: new Set(Object.keys(file).filter((name) => environment[name] === undefined)),
  })
  const broker = brokerOptions(flags, io)
  const { amqp } = amqpOption(flags, broker, io)
  const { url, user, password } = broker.connection
  return {
    api: `${url} ${user}:${textOf(password)}`,
    ...(amqp && { amqp: `${amqp.hostname}:${amqp.port} ${amqp.user}:${textOf(amqp.password)}` }),
    ...(printed !== '' && { printed }),
  }
}

const LOGIN = { RABBITMQ_USER: 'deploy', RABBITMQ_PASSWORD: 's3cret' }

describe('warren with several sources of a connection', () => {
  it('reads all settings from .env', () => {
    const file = { WARREN_URL: 'http://dev:15672', WARREN_AMQP_URL: 'amqp://dev', ...LOGIN }

    expect(connection({ file })).toEqual({ api: 'http://dev:15672 deploy:s3cret', amqp: 'dev:5672 deploy:s3cret' })
  })

  it('completes options with the environment of the process, because the user controls both', () => {
    const url = 'http://prod:15672'
    const expected = { api: 'http://prod:15672 deploy:s3cret' }

    expect(connection({ flags: { url }, environment: LOGIN })).toEqual(expected)
    expect(connection({ environment: { WARREN_URL: url, ...LOGIN } })).toEqual(expected)
    expect(
      connection({ flags: { amqpUrl: 'amqp://mq' }, environment: { WARREN_URL: 'http://deploy:s3cret@prod:15672' } }),
    ).toEqual({ ...expected, amqp: 'mq:5672 deploy:s3cret' })
  })

  it('uses nothing of .env if the management API is given elsewhere, and reports the AMQP URL that it leaves out', () => {
    const file = { WARREN_URL: 'http://a:b@dev:15672', WARREN_AMQP_URL: 'amqp://dev', RABBITMQ_PASSWORD: 'other' }
    const expected = {
      api: 'http://prod:15672 deploy:s3cret',
      printed: 'Not used: WARREN_AMQP_URL of the file .env, because the URL of the management API is not from there.\n',
    }

    expect(connection({ flags: { url: 'http://deploy:s3cret@prod:15672' }, file })).toEqual(expected)
    expect(connection({ environment: { WARREN_URL: 'http://deploy:s3cret@prod:15672' }, file })).toEqual(expected)
    expect(connection({ flags: { url: 'http://prod:15672' }, environment: LOGIN, file })).toEqual(expected)
  })

  it.each<readonly [string, Parameters<typeof connection>[0]]>([
    [
      'WARREN_URL comes from the file .env, and RABBITMQ_USER and RABBITMQ_PASSWORD from',
      { file: { WARREN_URL: 'http://evil' }, environment: LOGIN },
    ],
    [
      'WARREN_URL comes from the file .env, and RABBITMQ_PASSWORD from',
      { file: { WARREN_URL: 'http://deploy@evil' }, environment: LOGIN },
    ],
    [
      'RABBITMQ_HOST comes from the file .env, and RABBITMQ_USER and RABBITMQ_PASSWORD from',
      { file: { RABBITMQ_HOST: 'evil' }, environment: LOGIN },
    ],
    [
      'WARREN_AMQP_URL comes from the file .env, and RABBITMQ_USER and RABBITMQ_PASSWORD from',
      { file: { WARREN_AMQP_URL: 'amqp://evil' }, environment: LOGIN },
    ],
    [
      'WARREN_URL comes from the file .env, and --user from',
      { file: { WARREN_URL: 'http://evil' }, flags: { user: 'deploy' } },
    ],
    [
      'WARREN_URL comes from the file .env, and --amqp-url from',
      { file: { WARREN_URL: 'http://evil' }, flags: { amqpUrl: 'amqp://mq' } },
    ],
    [
      'WARREN_URL comes from the file .env, and WARREN_AMQP_URL from',
      { file: { WARREN_URL: 'http://evil' }, environment: { WARREN_AMQP_URL: 'amqp://mq' } },
    ],
    [
      'RABBITMQ_USER and RABBITMQ_PASSWORD come from the file .env, and WARREN_URL from',
      { file: LOGIN, environment: { WARREN_URL: 'http://mq' } },
    ],
    [
      'RABBITMQ_USER and RABBITMQ_PASSWORD come from the file .env, and --url from',
      { file: LOGIN, flags: { url: 'http://mq' } },
    ],
    [
      'RABBITMQ_USER comes from the file .env, and RABBITMQ_PASSWORD from',
      { file: { RABBITMQ_USER: 'me' }, environment: { RABBITMQ_PASSWORD: 's3cret' } },
    ],
  ])('refuses a mixture: %s …', (message, given) => {
    expect(() => connection(given)).toThrow(
      expect.objectContaining({
        code: 'INVALID_USAGE',
        message: `${message} outside of it: URLs and login must come from one source`,
        hint: 'write all of them into .env, or all of them outside of it',
      }),
    )
  })
})
