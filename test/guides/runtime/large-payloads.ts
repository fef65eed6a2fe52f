import { connect, FilePayloadStore } from 'warren/runtime'
import type { Runtime } from 'warren/runtime'

export function connectWithStore(folder: string): Promise<Runtime> {
  const payloads = { store: new FilePayloadStore(folder), above: 256 * 1024 }
  return connect({ topology: 'topology.json', payloads })
}
