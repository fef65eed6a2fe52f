import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { types } from '../../src/verbs/types.ts'
import { compilePrograms } from './compile-programs.ts'

const GUIDE = join(import.meta.dirname, '../guides/typed')

const HEAD = `import { closeOnSignal, connect } from 'warren/runtime'
import { relayOutbox } from 'warren/outbox'
import { countInPrometheus } from 'warren/prometheus'
import type { Routes } from './topology.d.ts'
const runtime = await connect<Routes>({ topology: 'topology.json' })
const order = { id: '7', lines: [{ sku: 'a' }] }
const parameters = { region: 'eu', event: 'paid' }
`

/** What a program does with the runtime, and what the compiler says to it. */
const WRONG: Readonly<Record<string, readonly [line: string, error: RegExp]>> = {
  'a publication that is not there': [
    `await runtime.publish('order-events', order, { parameters })`,
    /"order-events"' is not assignable/,
  ],
  'a body that lacks something': [
    `await runtime.publish('order-event', { id: '7' }, { parameters })`,
    /'lines' is missing/,
  ],
  'a body with a wrong value': [
    `await runtime.publish('order-event', { ...order, id: 7 }, { parameters })`,
    /'number' is not assignable to type 'string'/,
  ],
  'a body with a misspelt property': [
    `await runtime.publish('order-event', { id: '7', lines: [{ sku: 'a', cuont: 1 }] }, { parameters })`,
    /'cuont' does not exist/,
  ],
  'no parameters': [`await runtime.publish('order-event', order)`, /Expected 3 arguments, but got 2/],
  'a parameter too few': [
    `await runtime.publish('order-event', order, { parameters: { region: 'eu' } })`,
    /'event' is missing/,
  ],
  'a misspelt parameter': [
    `await runtime.publish('order-event', order, { parameters: { ...parameters, evnet: 'paid' } })`,
    /'evnet' does not exist/,
  ],
  'a misspelt option': [
    `await runtime.publish('order-event', order, { parameters, messageID: 'm' })`,
    /'messageID' does not exist/,
  ],
  'a subscription that is not there': [
    `await runtime.consume('email', () => undefined)`,
    /No overload matches this call/,
  ],
  'a handler of another body': [
    `await runtime.consume('emails', (body: { sku: string }) => body.sku)`,
    /No overload matches this call/,
  ],
  'a property of the body that is not there': [
    `await runtime.consume('emails', (body) => body.identifier)`,
    /Property 'identifier' does not exist/,
  ],
}

describe('the types of `warren types`', () => {
  it('are what the guide shows', async () => {
    const { text, gaps } = await types({ paths: [join(GUIDE, 'topology.yaml')] })
    expect(text).toBe(await readFile(join(GUIDE, 'topology.d.ts'), 'utf8'))
    expect(gaps).toEqual([])
  })

  it('let right programs pass, and stop wrong ones', async () => {
    const wrong = Object.entries(WRONG)
    const errors = await compilePrograms({
      'topology.d.ts': await readFile(join(GUIDE, 'topology.d.ts'), 'utf8'),
      'right.ts': `${HEAD}
await runtime.publish('order-event', order, { parameters, messageId: 'm-1' })
await runtime.publish('order-event', { ...order, lines: [] }, { parameters: { region: 1, event: 'x' } })
await runtime.consume('emails', ({ id, lines }, { attempt }) => [id.length, lines.map(({ count }) => count ?? attempt)])
await runtime.consume('emails', async (body: { id: string }) => body.id, { prefetch: 1 })
closeOnSignal(runtime)
countInPrometheus(runtime)
declare const pool: import('pg').Pool
relayOutbox({ pool, runtime })
`,
      'untyped.ts': `import { connect } from 'warren/runtime'
const runtime = await connect({ topology: 'topology.json' })
declare const name: string
await runtime.publish(name, 1)
await runtime.publish('anything', { a: 1 }, { parameters: { a: 'b' } })
await runtime.consume<{ id: string }>('emails', ({ id }) => id)
await runtime.consume('emails', (body) => String(body))
`,
      ...Object.fromEntries(
        wrong.map(([, [line]], index) => [
          `wrong-${index}.ts`,
          `${HEAD}${line}\nvoid [closeOnSignal, relayOutbox, countInPrometheus, order, parameters]\n`,
        ]),
      ),
    })
    expect(errors['right.ts']).toEqual([])
    expect(errors['untyped.ts']).toEqual([])
    const said = wrong.map(([what], index) => [what, errors[`wrong-${index}.ts`]?.length])
    expect(said).toEqual(wrong.map(([what]) => [what, 1]))
    for (const [index, [what, [, error]]] of wrong.entries()) {
      expect([what, errors[`wrong-${index}.ts`]?.[0]]).toEqual([what, expect.stringMatching(error)])
    }
  })
})
