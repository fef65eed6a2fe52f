import { aboutRoute, type Rule } from '../../rule.ts'

export const requireMessageSchema: Rule = {
  id: 'require-message-schema',
  group: 'policy',
  severity: 'off',
  meaning: 'A publication or a subscription has no schema for its messages.',
  remedy: 'Name a JSON Schema in `message.schema`.',
  *check({ routes }) {
    for (const publication of routes.publications) {
      if (publication.message?.schema !== undefined) continue
      yield aboutRoute(publication, `publication "${publication.name}" has no message schema`)
    }
    for (const subscription of routes.subscriptions) {
      if (subscription.message?.schema !== undefined) continue
      yield aboutRoute(subscription, `subscription "${subscription.name}" has no message schema`)
    }
  },
}
