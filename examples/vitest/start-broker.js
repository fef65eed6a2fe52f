import { connectionVariables, startBroker } from 'warren/testing'

// Once for the whole run. The workers of vitest inherit the variables, so all files share the broker.
export default async function setup() {
  const broker = await startBroker()
  Object.assign(process.env, connectionVariables(broker))
  return () => broker.stop()
}
