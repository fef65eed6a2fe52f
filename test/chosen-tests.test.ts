import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
// A module of the matrix, which has no types.
const program: string = pathToFileURL(resolve(ROOT, 'scripts/matrix/chosen-tests.js')).href
const { chosenTests, wronglyListed } = (await import(program)) as {
  chosenTests: (root: string, all: boolean) => string[]
  wronglyListed: (root: string) => string[]
}

describe('the tests with a broker', () => {
  it('are each chosen for every version of RabbitMQ, or listed with the reason why one version is sufficient', () => {
    expect(wronglyListed(ROOT)).toEqual([])
  })

  it('run all on request, and otherwise those that depend on the version', () => {
    const [some, all] = [chosenTests(ROOT, false), chosenTests(ROOT, true)]

    expect(all).toEqual(expect.arrayContaining(some))
    expect(some.length).toBeLessThan(all.length)
  })
})
