/**
 * @typedef {{ kind: string, name?: string, docComment?: string, excerptTokens: { text: string }[], members?: Item[] }} Item
 */

const HEAD = `# API of the library

The exports of \`warren\`, made from its declarations by \`npm run docs:api\`. [Use warren as a library](../how-to/library.md)
shows how they fit together.
`

/** The sections of the page, and the kinds of exports in each. */
const SECTIONS = new Map([
  ['Functions', ['Function']],
  ['Classes', ['Class']],
  ['Constants', ['Variable']],
  ['Types', ['Interface', 'TypeAlias']],
])

/**
 * Makes the page of a library from the model of API Extractor.
 *
 * @param {{ members: { members: Item[] }[] }} model
 */
export function apiPage(model) {
  const exports = model.members.flatMap(({ members }) => members)
  const sections = [...SECTIONS].map(([title, kinds]) => {
    const items = exports.filter(({ kind, name }) => kinds.includes(kind) && !isTypeOfConstant(exports, kind, name))
    return [`## ${title}`, ...items.toSorted(byName).map(item)].join('\n\n')
  })
  return [HEAD, ...sections].join('\n\n')
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
function item({ name, docComment, excerptTokens, members = [] }) {
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
        .replaceAll(/\{(\w+)\}/g, '`$1`')
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
