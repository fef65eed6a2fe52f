import { finding } from '../../../diagnostics/findings/finding.ts'
import { locationOf } from '../../source/places.ts'
import { isTable, type Table, type Tree } from '../../source/tree.ts'
import type { Run } from '../run.ts'
import type { KeyWithWildcard } from './filler.ts'

const BUILT_IN_TOPIC = 'amq.topic'

/** Reports values in the routing key of a topic exchange that would match other keys because of wildcards. */
export function checkWildcards(keys: readonly KeyWithWildcard[], root: Table | undefined, run: Run): void {
  const exchanges = root?.['exchanges']
  for (const { table, value, place } of keys) {
    const name = table['exchange'] ?? table['source']
    if (typeof name !== 'string') continue
    const declared = isTable(exchanges) && Object.hasOwn(exchanges, name) ? exchanges[name] : undefined
    if (name === BUILT_IN_TOPIC || mayBeTopic(declared)) {
      run.report(finding('instance-in-topic-key', { value }, locationOf(place)))
    }
  }
}

/** An external exchange may have no declared type. */
function mayBeTopic(exchange: Tree | undefined): boolean {
  return isTable(exchange) && (exchange['type'] === 'topic' || (exchange['external'] === true && !('type' in exchange)))
}
