// Made by `warren types` from the topology of the project 'shop'. Do not edit it: generate it again.

/** For `connect<Routes>()` of `warren/runtime`. */
export interface Routes {
  publications: {
    'order-placed': { body: OrderPlaced.Body; parameters: never }
  }
  subscriptions: {
    invoices: {
      body: OrderPlaced.Body
      upcast: {
        1: (body: InvoicesV1.Body) => OrderPlaced.Body
      }
    }
  }
}

export namespace OrderPlaced {
  export interface Body {
    id: string
    total: {
      amount: number
      currency: string
    }
  }
}

export namespace InvoicesV1 {
  export interface Body {
    id: string
    total: number
  }
}
