// Made by `warren types` from the topology of the project 'shop'. Do not edit it: generate it again.

/** For `connect<Routes>()` of `warren/runtime`. */
export interface Routes {
  publications: {
    'order-unpaid': { body: unknown; parameters: 'id'; delays: '10m' | '1h' }
  }
  subscriptions: {
    reminders: { body: unknown }
  }
}
