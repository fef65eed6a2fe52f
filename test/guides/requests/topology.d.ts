// Made by `warren types` from the topology of the project 'shop'. Do not edit it: generate it again.

/** For `connect<Routes>()` of `warren/runtime`. */
export interface Routes {
  publications: {}
  subscriptions: {
    quotes: { body: unknown }
  }
  requests: {
    'price-quote': { body: PriceQuote.Body; parameters: never; reply: PriceQuoteReply.Body }
  }
}

export namespace PriceQuote {
  export interface Body {
    sku: string
    count?: number
  }
}

export namespace PriceQuoteReply {
  export interface Body {
    price: number
    currency: string
  }
}
