import { onTestFinished } from 'vitest'
import type { AmqpTarget } from '../../../../src/broker/amqp/connections/amqp-target.ts'
import { Amqp } from '../../../../src/broker/amqp/connections/amqp.ts'
import { Secret } from '../../../../src/model/secrets/secret.ts'
import { testBroker } from './broker.ts'

/** The AMQP address of the broker of the run, with the given login or that of the administrator. */
export async function amqpTarget(login?: { username: string; password: string }): Promise<AmqpTarget> {
  const broker = await testBroker()
  const { hostname, port } = new URL(broker.amqpUrl)
  const { username, password } = login ?? broker
  return { protocol: 'amqp', hostname, port: Number(port), user: username, password: new Secret(password) }
}

/** Connections of the code under test, closed at the end of the test. */
export async function testAmqp(login?: { username: string; password: string }): Promise<Amqp> {
  const amqp = new Amqp(await amqpTarget(login))
  onTestFinished(() => amqp.close())
  return amqp
}
