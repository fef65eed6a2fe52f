// Made by `warren types` from the topology of the project 'shop'. Do not edit it: generate it again.

/** For `connect<Routes>()` of `warren/runtime`. */
export interface Routes {
  publications: {
    'order-event': { body: OrderEvent.Body; parameters: 'region' | 'event' }
  }
  subscriptions: {
    emails: { body: OrderEvent.Body }
  }
}

export namespace OrderEvent {
  export interface Body {
    /**
     * The same forever.
     */
    id: string
    lines: Line[]
  }
  export interface Line {
    sku: string
    count?: number
  }
}
