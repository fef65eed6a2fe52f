import { describe, expect, it } from 'vitest'
import { Respond, Subscribe, SubscribeBatch } from '../../../src/runtime/nestjs/decorators.ts'
import { findDecorated } from '../../../src/runtime/nestjs/find-decorated.ts'
import type { NestProvider } from '../../../src/runtime/nestjs/find-decorated.ts'
import { decorate } from './decorate.ts'

class Emails {
  readonly #greeting = 'dear'

  send(body: string): string {
    return `${this.#greeting} ${body}`
  }

  store(batch: readonly unknown[]): number {
    return batch.length
  }

  get broken(): never {
    throw new Error('a getter ran')
  }
}

decorate(Emails, 'send', Subscribe('urgent-emails'))
decorate(Emails, 'send', Subscribe('emails', { concurrency: 5 }))
decorate(Emails, 'store', SubscribeBatch('log', { size: 10 }))

function provider(instance: unknown, scope: Partial<NestProvider> = {}): NestProvider {
  const metatype = instance === null || instance === undefined ? undefined : instance.constructor
  return { name: 'Emails', instance, metatype, isDependencyTreeStatic: () => true, isTransient: false, ...scope }
}

function found(...providers: NestProvider[]) {
  return findDecorated([{ providers: new Map(providers.entries()), controllers: new Map() }])
}

describe('findDecorated', () => {
  it('finds every mark of a method, with its options, and calls it on its instance', () => {
    const methods = found(provider(new Emails()))

    expect(methods).toMatchObject([
      { by: 'consume', route: 'urgent-emails', options: {} },
      { by: 'consume', route: 'emails', options: { concurrency: 5 } },
      { by: 'consumeBatch', route: 'log', options: { size: 10 } },
    ])
    expect(methods[0]?.handle('Ada' as never)).toBe('dear Ada')
    expect(methods[2]?.handle([1, 2] as never)).toBe(2)
  })

  it('finds methods that are marked by decorators of the language', () => {
    const send = () => 'sent'
    const newer: object = Object.create({ send })
    Subscribe('emails')(send, {} as ClassMethodDecoratorContext)

    expect(found(provider(newer)).map(({ route, handle }) => [route, handle()])).toEqual([['emails', 'sent']])
  })

  it('finds inherited methods, but not those that a class replaces', () => {
    class Inherits extends Emails {
      override store(): number {
        return 0
      }
    }

    expect(found(provider(new Inherits())).map(({ route }) => route)).toEqual(['urgent-emails', 'emails'])
  })

  it('finds an instance only once, even if several tokens and modules offer it', () => {
    const emails = new Emails()

    expect(found(provider(emails), provider(emails))).toHaveLength(3)
  })

  it('passes over values, factories and classes without an instance', () => {
    const factory = { ...provider(undefined), metatype: () => new Emails() }

    expect(found(provider(7), provider('text'), provider(null), provider({}), factory)).toEqual([])
  })

  it.each([
    ['with an instance for each request', { isDependencyTreeStatic: () => false }],
    ['with an instance for each injection', { isTransient: true }],
  ])('refuses a class %s', (_, scope) => {
    expect(() => found(provider(Object.create(Emails.prototype), scope))).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining('Emails.send() has a decorator of warren'),
      }),
    )
  })

  it('refuses a decorator on something that is not a method', () => {
    expect(() => Subscribe('emails')(Emails.prototype, 'send', {})).toThrow(
      'the decorator of the subscription "emails" is on something that is not a method',
    )
    expect(() => Respond('price')(Emails.prototype, 'send', {})).toThrow(
      'the decorator of the request "price" is on something that is not a method',
    )
  })
})
