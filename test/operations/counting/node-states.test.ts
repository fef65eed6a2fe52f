import { describe, expect, it } from 'vitest'
import { ManagementClient } from '../../../src/broker/management/client.ts'
import { readNodeStates } from '../../../src/operations/counting/node-states.ts'
import { fakeApi, SENT } from '../../broker/management/fake-api.ts'

describe('readNodeStates', () => {
  it('distinguishes a login that may not read the nodes from a broker without problems', async () => {
    const refusing = await fakeApi((path, _request, response) => {
      if (path !== '/api/nodes') return undefined
      response.writeHead(401).end('{"error":"not_authorized","reason":"Access refused."}')
      return SENT
    })
    const node = { name: 'rabbit@a', running: true, mem_alarm: false, disk_free_alarm: false }
    const healthy = await fakeApi((path) => (path === '/api/nodes' ? [node] : undefined))

    expect(await readNodeStates(new ManagementClient(refusing.connection))).toBeUndefined()
    expect(await readNodeStates(new ManagementClient(healthy.connection))).toEqual([
      { name: 'rabbit@a', runs: true, lost: false, alarms: [] },
    ])
  })
})
