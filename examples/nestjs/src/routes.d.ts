// Made by `warren types` from the topology of the project 'nestjs-example'. Do not edit it: generate it again.

/** For `connect<Routes>()` of `warren/runtime`. */
export interface Routes {
  publications: {
    'email-sent': { body: unknown; parameters: never }
    'order-placed': { body: OrderPlaced.Body; parameters: never }
  }
  subscriptions: {
    emails: { body: OrderPlaced.Body }
  }
}

export namespace OrderPlaced {
  export interface Body {
    id: string
    email: string
  }
}
