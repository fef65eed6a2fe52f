import { type Kind, KINDS } from '../../src/model/topology.ts'
import { PROPERTY_CASES } from './property-cases.ts'
import type { PropertyCase } from './property-case.ts'

const INTRODUCTION = `# Objects

This page lists how warren creates, changes, deletes and compares each kind of object, property by property. The tests try each
row on every supported version of RabbitMQ (\`test/objects\`, \`test/integration/objects/objects.test.ts\`), and
\`npx vitest run test/objects -u\` generates this page from the same list.

- **create**: warren creates a missing object with all of its properties.
- **change**: what a plan does when you declare another value. "In place" is an update. "Needs replacement" means that RabbitMQ
  cannot change the property without deleting the object: the plan is blocked, names the property, and applies nothing.
  "Another object" means that the property identifies the object: the plan creates the new object and keeps the old one.
- **delete**: what \`--prune\` does when you no longer declare the object. Without \`--prune\`, warren deletes nothing.
- **drift**: how a plan detects that the object was changed on the broker. The plan then changes it back, or is blocked,
  as described under "change".
- **versions**: the versions of RabbitMQ that have the property. If the connected broker does not have it, a plan that needs it is
  blocked and says so.
`

const NAMES: { readonly [K in Kind]: string } = {
  vhost: 'Virtual hosts',
  user: 'Users',
  permission: 'Permissions',
  exchange: 'Exchanges',
  'topic-permission': 'Topic permissions',
  policy: 'Policies',
  'operator-policy': 'Operator policies',
  queue: 'Queues',
  binding: 'Bindings',
  parameter: 'Parameters',
  'global-parameter': 'Global parameters',
}

const COLUMNS = ['property', 'create', 'change', 'delete', 'drift', 'versions']

/** The page of all properties, as Markdown with unaligned tables. */
export function objectsPage(): string {
  return [INTRODUCTION, ...KINDS.map(section)].join('\n')
}

function section(kind: Kind): string {
  const rows = PROPERTY_CASES.filter((each) => each.kind === kind).map(propertyRow)
  const table = [COLUMNS, COLUMNS.map(() => '---'), objectRow(kind), ...rows]
  return [`## ${NAMES[kind]}`, '', ...table.map((cells) => `| ${cells.join(' | ')} |`), ''].join('\n')
}

function objectRow(kind: Kind): string[] {
  const plugins = PROPERTY_CASES.some((each) => each.kind === kind && each.plugin !== undefined)
  const available = plugins ? 'with the plugin of its component' : 'all'
  const deleted = kind === 'vhost' ? 'only with `--allow delete=ADDRESS`' : 'with `--prune`'
  return ['_the object itself_', 'yes', '', deleted, 'missing: is recreated', available]
}

function propertyRow(each: PropertyCase): string[] {
  return [
    // Text in brackets is not a name of the format.
    each.property.replaceAll(/[a-z]\w*(?:\.\w+)*(?![^(]*\))/gi, (name) => `\`${name}\``),
    'yes',
    change(each),
    '',
    each.changing === 'another object'
      ? 'the declared one is missing: is recreated'
      : `compared ${each.compared ?? 'by value'}`,
    versions(each),
  ]
}

function change({ changing, changesSince }: PropertyCase): string {
  const words = { 'in place': 'in place', replacement: 'needs replacement', 'another object': 'another object' }[
    changing
  ]
  return changesSince === undefined ? words : `${words} from ${changesSince}; before, blocked`
}

function versions({ since, ignoredBefore, plugin }: PropertyCase): string {
  if (ignoredBefore !== undefined) return `from ${ignoredBefore}; before, not compared`
  if (plugin !== undefined) return `with the plugin \`${plugin}\``
  return since === undefined ? 'all' : `from ${since}`
}
