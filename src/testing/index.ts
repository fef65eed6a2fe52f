export type { Broker, Login, Origin } from '../broker/broker.ts'
export { startBroker, type StartBrokerOptions } from '../broker/start-broker.ts'
