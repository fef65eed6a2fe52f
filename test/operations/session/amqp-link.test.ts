import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { ManagementClient } from '../../../src/broker/management/client.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { openAmqp } from '../../../src/operations/session/amqp-link.ts'

/** Nothing listens there. */
const CLOSED_PORT = 1

async function startApi(): Promise<string> {
  const listeners = [{ protocol: 'amqp', port: CLOSED_PORT }]
  const server = createServer((_request, response) => response.end(JSON.stringify({ cluster_name: 'c', listeners })))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('the error for a guessed AMQP address that does not answer names the option to set another', async () => {
  const login = { user: 'me', password: new Secret('sesame') }
  const connection = { url: await startApi(), ...login }
  const client = new ManagementClient(connection)
  onTestFinished(() => client.close())
  const given = { protocol: 'amqp', hostname: '127.0.0.1', port: CLOSED_PORT, ...login } as const

  await expect(openAmqp(client, connection, '/', undefined)).resolves.toEqual({
    missing: expect.stringMatching(
      /^the broker at amqp:\/\/127\.0\.0\.1:1 could not be reached: .*; give its address with --amqp-url$/,
    ),
  })
  await expect(openAmqp(client, connection, '/', given)).resolves.toEqual({
    missing: expect.not.stringContaining('--amqp-url'),
  })
})
