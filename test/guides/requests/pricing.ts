import type { Consumer, Runtime } from 'warren/runtime'
import type { Routes } from './topology.d.ts'

export function answerQuotes(runtime: Runtime<Routes>, prices: ReadonlyMap<string, number>): Promise<Consumer> {
  return runtime.respond('price-quote', ({ sku, count = 1 }) => {
    const price = prices.get(sku)
    if (price === undefined) throw new Error(`there is no price of ${sku}`)
    return { price: price * count, currency: 'EUR' }
  })
}
