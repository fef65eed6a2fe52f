export type { Broker, Login, Origin } from '../broker/broker.ts'
export { connectionVariables } from '../broker/connection-variables.ts'
export { startBroker, type StartBrokerOptions } from '../broker/start-broker.ts'
export { type TopologyFixture, useTopology, type UseTopologyOptions } from './use-topology.ts'
