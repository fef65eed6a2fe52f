import { describe, expect, it } from 'vitest'
import { chooseVhost } from '../../../src/runtime/connection/choose-vhost.ts'
import { publication, subscription } from '../routes.ts'

const nothing = { option: undefined, url: undefined, renamed: {} }
const shop = publication({ vhost: '/shop' })
const mail = subscription({ vhost: '/mail' })
const two = { publications: [shop], subscriptions: [mail] }

describe('chooseVhost', () => {
  it('takes the only vhost of the topology', () => {
    expect(chooseVhost({ publications: [shop], subscriptions: [] }, nothing)).toEqual({
      vhost: '/shop',
      routes: { publications: [shop], subscriptions: [] },
    })
  })

  it('prefers the option to the URL, and leaves out the routes of other vhosts', () => {
    expect(chooseVhost(two, { ...nothing, option: '/mail', url: '/shop' })).toEqual({
      vhost: '/mail',
      routes: { publications: [], subscriptions: [mail] },
    })
  })

  it('does not choose between two vhosts', () => {
    expect(() => chooseVhost(two, nothing)).toThrow('the topology has routes in several vhosts: "/shop", "/mail"')
  })

  it('does not use a vhost that the topology does not contain', () => {
    expect(() => chooseVhost(two, { ...nothing, url: '/' })).toThrow(
      'the topology has no routes in the vhost "/"; it has them in: "/shop", "/mail"',
    )
  })

  it('explains how to write a vhost that begins with a slash in a URL', () => {
    expect(() => chooseVhost(two, { ...nothing, url: 'shop' })).toThrow(
      'the topology has no routes in the vhost "shop"; it has them in: "/shop", "/mail" — ' +
        'the vhost "/shop" is written %2Fshop in a URL, whose own slash does not count: amqp://host/%2Fshop; ' +
        'as the vhost option and in RABBITMQ_VHOST it is /shop',
    )
  })

  it('gives a vhost another name on this broker', () => {
    expect(
      chooseVhost({ publications: [shop], subscriptions: [] }, { ...nothing, renamed: { '/shop': '/pr-12' } }),
    ).toEqual({
      vhost: '/pr-12',
      routes: { publications: [{ ...shop, vhost: '/pr-12' }], subscriptions: [] },
    })
  })

  it('says that there are no routes at all', () => {
    expect(() => chooseVhost({ publications: [], subscriptions: [] }, nothing)).toThrow(
      'the topology has no publications and no subscriptions',
    )
  })
})
