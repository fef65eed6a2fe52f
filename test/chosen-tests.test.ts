import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
// A module of the matrix, which has no types.
const program: string = pathToFileURL(resolve(ROOT, 'scripts/matrix/chosen-tests.js')).href
const { chosenTests, wronglyListed } = (await import(program)) as {
  chosenTests: (root: string, series: string, all: boolean) => string[]
  wronglyListed: (root: string) => string[]
}

describe('the tests with a broker', () => {
  it('are each chosen for every version of RabbitMQ, or listed with the reason why one version is sufficient', () => {
    expect(wronglyListed(ROOT)).toEqual([])
  })

  it('run all on request, most of what depends on the version on the newest, and fewer on the series in between', () => {
    const [between, newest, all] = [
      chosenTests(ROOT, '4.0', false),
      chosenTests(ROOT, '4.3', false),
      chosenTests(ROOT, '4.0', true),
    ]

    expect(newest).toEqual(expect.arrayContaining(between))
    expect(all).toEqual(expect.arrayContaining(newest))
    expect([between.length < newest.length, newest.length < all.length]).toEqual([true, true])
  })
})
