/**
 * @typedef {{ kind: string, name?: string, docComment?: string, excerptTokens: { text: string }[], members?: Item[] }} Item
 */

/** The guides that show each entry in use. */
const GUIDES = new Map([
  ['warren', '[Use warren as a library](../how-to/library.md)'],
  ['warren/runtime', '[Publish and consume with the runtime](../../how-to/runtime.md)'],
  [
    'warren/testing',
    '[Test a program with a topology on a broker](../../how-to/testing.md), [Test handlers without a broker](../../how-to/test-handlers.md)',
  ],
  ['warren/idempotency', '[Handle each message once](../../how-to/idempotency.md)'],
  ['warren/offsets', '[Publish and consume with the runtime](../../how-to/runtime.md)'],
  ['warren/outbox', '[Publish from a database transaction](../../how-to/outbox.md)'],
  ['warren/opentelemetry', '[Watch a program with logs, metrics and traces](../../how-to/observability.md)'],
  ['warren/nestjs', '[Use warren with NestJS](../../how-to/nestjs.md)'],
  ['warren/fastify', '[Close Fastify and Express in the right order](../../how-to/fastify-and-express.md)'],
  ['warren/express', '[Close Fastify and Express in the right order](../../how-to/fastify-and-express.md)'],
  ['warren/prometheus', '[Watch a program with logs, metrics and traces](../../how-to/observability.md)'],
])

/**
 * The title of a page, and links to the others.
 *
 * @param {string} name
 * @param {readonly string[]} names
 */
function head(name, names) {
  const others = names.filter((each) => each !== name).map((each) => `[\`${each}\`](${link(name, each)})`)
  return [
    `# API of \`${name}\``,
    `The exports of \`${name}\`, made from its declarations by \`npm run docs:api\`. Guide: ${GUIDES.get(name)}.`,
    `Other entries of the package: ${others.join(', ')}.`,
  ].join('\n\n')
}

/**
 * @param {string} from
 * @param {string} to
 */
function link(from, to) {
  const page = to.replace(/^warren\//, '')
  if (from === 'warren') return `api/${page}.md`
  return to === 'warren' ? '../api.md' : `${page}.md`
}

/** The sections of the page, and the kinds of exports in each. */
const SECTIONS = new Map([
  ['Functions', ['Function']],
  ['Classes', ['Class']],
  ['Constants', ['Variable']],
  ['Types', ['Interface', 'TypeAlias']],
])

/**
 * Writes the page of an entry from the model of API Extractor.
 *
 * @param {string} name
 * @param {readonly string[]} names the names of all entries
 * @param {{ members: { members: Item[] }[] }} model
 */
export function apiPage(name, names, model) {
  const exports = model.members.flatMap(({ members }) => members)
  const sections = [...SECTIONS].flatMap(([title, kinds]) => {
    const items = exports.filter(({ kind, name }) => kinds.includes(kind) && !isTypeOfConstant(exports, kind, name))
    return items.length === 0 ? [] : [[`## ${title}`, ...items.toSorted(byName).map(item)].join('\n\n')]
  })
  return [head(name, names), ...sections].join('\n\n')
}

/**
 * A constant and the type of its values have the same name and documentation.
 *
 * @param {Item[]} exports
 * @param {string} kind
 * @param {string | undefined} name
 */
function isTypeOfConstant(exports, kind, name) {
  return kind === 'TypeAlias' && exports.some((each) => each.kind === 'Variable' && each.name === name)
}

/** @param {Item} exported */
function item({ name, docComment, excerptTokens, members: all = [] }) {
  const members = all.filter((each) => !each.docComment?.includes('@internal'))
  const { text, throws } = documentation(docComment)
  return [
    `### ${name}`,
    text,
    code(excerptTokens, members.length > 0),
    ...(members.length > 0 ? [members.map(member).join('\n')] : []),
    ...(throws.length > 0 ? [`Throws:`, throws.map((each) => `- ${each}`).join('\n')] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** @param {Item} part a property or a method */
function member({ docComment, excerptTokens }) {
  const { text } = documentation(docComment)
  const declared = textOf(excerptTokens)
    .replaceAll(/\s+/g, ' ')
    .replace(/^readonly |;$/g, '')
    .replace(/;$/, '')
  return `- \`${declared}\`${text === '' ? '' : ` — ${text.replaceAll(/\s*\n\s*/g, ' ')}`}`
}

/**
 * @param {{ text: string }[]} tokens
 * @param {boolean} hasMembers whether the members follow below
 */
function code(tokens, hasMembers) {
  const text = textOf(tokens)
    .replace(/^export (declare )?/, '')
    .trim()
  return `\`\`\`ts\n${text}${hasMembers ? ' { … }' : ''}\n\`\`\``
}

/** @param {string} [comment] with its stars */
function documentation(comment = '') {
  const lines = comment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/\s*$/, '')
    .replaceAll(/^ *\* ?/gm, '')
    .replaceAll(/\\(?=[{}@<>])/g, '')
  const [text = '', ...tags] = lines.split(/^@(?=\w)/m)
  const throws = tags
    .filter((tag) => tag.startsWith('throws'))
    .map((tag) =>
      tag
        .slice('throws'.length)
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/\{([\w |]+)\}/g, (_, names) =>
          names
            .split(/ *\| */)
            .map((each) => `\`${each}\``)
            .join(' or '),
        )
        .trim(),
    )
  return { text: text.trim(), throws }
}

/** @param {{ text: string }[]} tokens */
function textOf(tokens) {
  return tokens.map(({ text }) => text).join('')
}

/**
 * @param {Item} one
 * @param {Item} other
 */
function byName({ name: one = '' }, { name: other = '' }) {
  return one < other ? -1 : one > other ? 1 : 0
}
