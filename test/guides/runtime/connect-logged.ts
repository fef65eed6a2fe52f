import { connect } from 'warren/runtime'
import type { Runtime, RuntimeLogger } from 'warren/runtime'

/** @param logger such as `pino()` */
export function connectLogged(logger: RuntimeLogger, alert: (text: string) => void): Promise<Runtime> {
  return connect({
    topology: 'topology.json',
    logger,
    on: {
      deadLettered: ({ subscription, messageId, reason }) => alert(`${subscription}: ${messageId} (${reason})`),
      consumerStopped: ({ error }) => alert(error.message),
    },
  })
}
