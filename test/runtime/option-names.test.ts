import { describe, expect, it } from 'vitest'
import { connect } from '../../src/runtime/index.ts'
import { CONSUME_OPTIONS } from '../../src/runtime/consume/consume-options.ts'
import { unknownOption, unknownOptionHint } from '../../src/runtime/option-names.ts'
import { PUBLISH_OPTIONS } from '../../src/runtime/publish/publish-options.ts'
import { RuntimeEmitter } from '../../src/runtime/events/runtime-events.ts'
import type { RuntimeEventName } from '../../src/runtime/events/runtime-events.ts'

const routes = { publications: [], subscriptions: [] }

/** Called like this by a JavaScript program, which no compiler checks. */
function connecting(options: unknown): Promise<unknown> {
  return connect(options as Parameters<typeof connect>[0])
}

describe('an option that does not exist', () => {
  it('is distinguished from existing options and from undefined ones', () => {
    expect(unknownOption({ messageId: 'a', timeout: undefined }, PUBLISH_OPTIONS)).toBeUndefined()
    expect(unknownOption({ messageID: 'a' }, PUBLISH_OPTIONS)).toBe('messageID')
    expect(unknownOption({ constructor: 1 }, CONSUME_OPTIONS)).toBe('constructor')
  })

  it('is reported with the most similar option, or with the list of all', async () => {
    expect(await unknownOptionHint('concurency', CONSUME_OPTIONS)).toBe('did you mean "concurrency"?')
    expect(await unknownOptionHint('colour', CONSUME_OPTIONS)).toBe(
      'there are: prefetch, concurrency, rateLimit, timeout, offset, offsets, poisonAfter, upcast',
    )
  })

  it('is refused by connect, before anything is read', async () => {
    await expect(connecting({ topology: { routes }, route: ['emails'] })).rejects.toMatchObject({
      name: 'ConnectError',
      message: 'connect() has no option "route" — did you mean "routes"?',
      hint: 'did you mean "routes"?',
      code: 'INVALID_OPTION',
    })
  })
})

describe('connect without types', () => {
  it.each([
    [undefined, 'connect() needs the topology'],
    [{}, 'connect() needs the topology'],
    [{ topology: { routes }, routes: 'emails' }, 'routes must be a list of names'],
    [
      { topology: { routes }, logger: { info: () => undefined } },
      'the logger needs the functions info, warn and error',
    ],
  ])('refuses %j', async (options, message) => {
    await expect(connecting(options)).rejects.toThrow(message)
  })

  it('refuses an event that does not exist', () => {
    expect(() => new RuntimeEmitter().on('retry' as RuntimeEventName, () => undefined)).toThrow(
      'there is no event "retry"; the events are: connectionUp, ',
    )
  })
})
