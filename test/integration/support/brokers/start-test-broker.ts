import type { Broker } from '../../../../src/testing/throwaway/broker.ts'
import { dockerAnswers } from '../../../../src/testing/throwaway/docker/docker-engine.ts'
import { findServer } from '../../../../src/testing/throwaway/node/find-server.ts'
import { givenBroker } from '../../../../src/testing/throwaway/given-broker.ts'
import { startBroker } from '../../../../src/testing/throwaway/start-broker.ts'
import { startNode } from '../../../../src/testing/throwaway/node/start-node.ts'
import { QUICK_STATISTICS } from './quick-statistics.ts'

/** A broker for tests, and whether it has `QUICK_STATISTICS`, which only a private node has. */
export interface StartedTestBroker extends Broker {
  readonly quickStatistics: boolean
}

const TIMEOUT = 240_000

/** Gets a broker as `startBroker` does. */
export async function startTestBroker(plugins: readonly string[] = []): Promise<StartedTestBroker> {
  const given = await givenBroker(process.env)
  if (given) return { ...given, quickStatistics: false }
  const server = (await dockerAnswers(process.env)) ? undefined : await findServer(process.env)
  if (server === undefined) return { ...(await startBroker({ plugins })), quickStatistics: false }
  const node = await startNode({ server, timeout: TIMEOUT, plugins, advanced: QUICK_STATISTICS })
  return { ...node, quickStatistics: true }
}
