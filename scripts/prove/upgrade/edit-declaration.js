import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, parseDocument } from 'yaml'

/** The keys of short forms for arguments. */
const SHORT = {
  'x-queue-version': 'queueVersion',
  'x-queue-mode': 'queueMode',
  'x-consumer-timeout': 'consumerTimeout',
}

/**
 * Changes the declaration of an object in exported files according to a line of the report.
 *
 * @param {string} folder
 * @param {string} address such as `queue:shop/orders`
 * @param {string} edit such as `remove x-queue-version`
 */
export function editDeclaration(folder, address, edit) {
  const [kind, rest = ''] = address.split(/:(.*)/)
  const [, ...parts] = rest.split('/').map(decodeURIComponent)
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.yaml')) continue
    const file = join(folder, path)
    const document = parseDocument(readFileSync(file, 'utf8'))
    if (kind === 'binding' ? editBinding(document, parts) : editQueue(document, parts[0], edit)) {
      writeFileSync(file, String(document))
      return
    }
  }
  throw new Error(`no file declares ${address}`)
}

function editQueue(document, name, edit) {
  const queue = document.getIn(['queues', name])
  if (!isMap(queue)) return false
  const [, removed = ''] = /(?:^remove|, without) (.*)$/.exec(edit) ?? []
  if (edit.startsWith('write type: quorum')) {
    queue.set('type', 'quorum')
    queue.set('deliveryLimit', 20)
  }
  for (const key of removed.split(/, | and /).filter((each) => each !== '')) {
    queue.deleteIn(['arguments', key])
    queue.delete(SHORT[key] ?? key)
  }
  if (queue.getIn(['arguments'])?.items?.length === 0) queue.delete('arguments')
  return true
}

/** Writes another routing key, with at most two words `#`. */
function editBinding(document, [source, , destination, key]) {
  const bindings = document.getIn(['queues', destination, 'bindings'])
  const found = bindings?.items?.find((each) => each.get('exchange') === source && each.get('routingKey') === key)
  if (found === undefined) return false
  found.set('routingKey', key.replace('#.a.#.b.#', '#.a.b.#'))
  return true
}
