import { isBuiltInExchange } from '../../../../model/built-in-exchange.ts'
import { about, type Rule } from '../../rule.ts'

export const allowedExchangeTypes: Rule = {
  id: 'allowed-exchange-types',
  group: 'policy',
  severity: 'off',
  meaning: 'An exchange has a type that the config does not allow.',
  remedy: 'Declare it with an allowed type.',
  *check({ topology }, { types }) {
    const allowed = Array.isArray(types) ? types : []
    for (const exchange of topology.exchanges) {
      if (exchange.external || isBuiltInExchange(exchange.name) || allowed.includes(exchange.type)) continue
      yield about(
        'exchange',
        exchange,
        `exchange "${exchange.name}" has the type ${exchange.type}, but the config allows ${allowed.join(', ')}`,
      )
    }
  },
}
