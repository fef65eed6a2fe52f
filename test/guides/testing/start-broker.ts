import { connectionVariables, startBroker } from 'warren/testing'

export default async function setup() {
  const broker = await startBroker()
  Object.assign(process.env, connectionVariables(broker))
  return () => broker.stop()
}
