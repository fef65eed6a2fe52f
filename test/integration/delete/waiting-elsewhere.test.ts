import { expect, it } from 'vitest'
import { noLongerDeclared } from './no-longer-declared.ts'
import { warren } from '../support/warren-in-process.ts'

it('blocks the deletion of a queue for which messages wait in an explicitly declared delay', async () => {
  const wait =
    '  wait: { type: classic, arguments: { x-message-ttl: 600000, x-dead-letter-exchange: "", x-dead-letter-routing-key: work } }\n'
  const { vhost, folder, api } = await noLongerDeclared(
    `queues:\n  work: { type: classic }\n${wait}`,
    `queues:\n${wait}`,
  )
  await api.post(['exchanges', vhost, 'amq.default', 'publish'], {
    properties: { delivery_mode: 2 },
    routing_key: 'wait',
    payload: 'one',
    payload_encoding: 'string',
  })

  expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({
    code: 4,
    stdout: expect.stringContaining(
      `messages that wait in other queues would reach no queue without it: 1 message in queue:${vhost}/wait`,
    ),
  })
  expect(await api.get(['queues', vhost, 'work'])).toMatchObject({ name: 'work' })
  const allowed = ['--allow', `delete=queue:${vhost}/work`]
  expect(await warren(['apply', '-y', '--prune', ...allowed], { folder })).toMatchObject({ code: 0 })
})

it('blocks the deletion of a queue to which a policy routes the messages of such a delay', async () => {
  const policy =
    "policies:\n  leads: { pattern: '^wait$', applyTo: queues, definition: { dead-letter-exchange: back, dead-letter-routing-key: k } }\n"
  const rest = (work: string) =>
    `exchanges:\n  back: { type: direct }\nqueues:\n  wait: { type: classic, arguments: { x-message-ttl: 600000 } }\n${work}${policy}`
  const { vhost, folder, api } = await noLongerDeclared(
    rest('  work: { type: classic, bindings: [{ exchange: back, routingKey: k }] }\n'),
    rest(''),
  )
  await api.post(['exchanges', vhost, 'amq.default', 'publish'], {
    properties: { delivery_mode: 2 },
    routing_key: 'wait',
    payload: 'one',
    payload_encoding: 'string',
  })

  expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({
    code: 4,
    stdout: expect.stringContaining(
      `messages that wait in other queues would reach no queue without it: 1 message in queue:${vhost}/wait`,
    ),
  })
  await api.delete(['queues', vhost, 'wait', 'contents'])
  expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({ code: 0 })
})

it('blocks the deletion of a binding through which messages of such a delay would return', async () => {
  const rest = (bindings: string) =>
    `exchanges:\n  back: { type: direct }\nqueues:\n  work: { type: classic, bindings: [${bindings}] }\n` +
    '  wait: { type: classic, arguments: { x-message-ttl: 600000, x-dead-letter-exchange: back, x-dead-letter-routing-key: k } }\n'
  const { vhost, folder, api } = await noLongerDeclared(rest('{ exchange: back, routingKey: k }'), rest(''))
  await api.post(['exchanges', vhost, 'amq.default', 'publish'], {
    properties: { delivery_mode: 2 },
    routing_key: 'wait',
    payload: 'one',
    payload_encoding: 'string',
  })

  expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({
    code: 4,
    stdout: expect.stringContaining(`1 message in queue:${vhost}/wait`),
  })
})
