import { testBroker } from './brokers/broker.ts'
import { until } from './until.ts'

/**
 * Closes the connection that holds the lock, as an operator does. The broker lists a connection only some seconds
 * after it opened.
 */
export async function closeLock(vhost: string): Promise<void> {
  const { api } = await testBroker()
  interface Connection {
    readonly name: string
    readonly client_properties?: { readonly connection_name?: string }
  }
  const lock = async (): Promise<Connection | undefined> => {
    const all = await api.get<Connection[]>(['vhosts', vhost, 'connections'])
    return all?.find(({ client_properties: properties }) => properties?.connection_name === 'warren (lock)')
  }
  const { name } = await until(lock, 'the connection to be listed')
  await api.delete(['connections', name])
  // The broker lists it until its client has answered the close.
  await until(async () => (await lock())?.name !== name, 'the connection to be closed')
}
