import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { recordValue } from '../../../src/broker/records/ownership-record.ts'
import { owners } from '../../../src/operations/ownership/owners.ts'
import { record } from '../../builders/records.ts'
import { fakeApi } from '../../broker/management/fake-api.ts'
import { recordName } from '../../../src/model/generated-names.ts'

const shop = record({ owned: ['queue:%2F/q'] })
const tenant = record({ project: 'tenants', vhost: 'acme', owned: ['queue:acme/orders'] })
const parameters = [shop, tenant].map((each) => ({ name: recordName(each), value: recordValue(each) }))

/** Lists the owners on a broker that fails where the queues of the vhost `acme` are read. */
async function ownersWhere(fail: (response: ServerResponse) => unknown, { vanishes = false, timeout = 5_000 } = {}) {
  let there = ['/', 'acme']
  const api = await fakeApi((path, _request, response) => {
    if (path === '/api/vhosts') return there.map((name) => ({ name }))
    if (path === '/api/global-parameters') return parameters
    if (path !== '/api/queues/acme') return undefined
    if (vanishes) there = ['/']
    return fail(response)
  })
  const found = owners({ connection: { ...api.connection, timeout }, addresses: [] })
  const outcome = await found.then(
    (list) => list.map(({ address }) => address),
    (error: unknown) => error,
  )
  return { outcome, times: api.requests.filter((each) => each === 'GET /api/queues/acme').length }
}

const status = (code: number) => (response: ServerResponse) => response.writeHead(code).end('{"reason":"no"}')

describe('the list of owners', () => {
  it.each([404, 401])(
    'is read again if a vhost was deleted in the meantime and a request is answered with %i',
    async (code) => {
      const { outcome, times } = await ownersWhere(status(code), { vanishes: true })

      expect([outcome, times]).toEqual([expect.arrayContaining(['queue:%2F/q']), 1])
    },
  )

  it.each<[string, (response: ServerResponse) => unknown, number?]>([
    ['a vhost that the login may not read', status(401)],
    ['an error of the broker', status(500)],
    ['a connection that is closed', (response) => response.destroy()],
    ['no answer in time', (response) => response.flushHeaders(), 2_000],
  ])('is read once, and fails, after %s', async (_what, fail, timeout) => {
    const { outcome, times } = await ownersWhere(fail, timeout === undefined ? {} : { timeout })

    expect(outcome).toMatchObject({ code: expect.stringMatching(/^(ACCESS_REFUSED|REQUEST_FAILED|UNREACHABLE)$/) })
    expect(times).toBe(1)
  })
})
