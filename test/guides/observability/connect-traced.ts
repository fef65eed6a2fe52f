import { openTelemetry } from 'warren/opentelemetry'
import { connect } from 'warren/runtime'

/** After an SDK was set up, such as that of @opentelemetry/sdk-node. */
export function connectTraced() {
  return connect({ topology: 'topology.json', instrumentation: openTelemetry() })
}
