/** The explanation of a YAML error and its remedy, never with text of the file, which may be secret. */
export interface Explanation {
  readonly problem: string
  readonly hint: string
}

const EXPLANATIONS: readonly (readonly [message: RegExp, problem: string, hint: string])[] = [
  [/^Tabs are not allowed/, 'a tab is used for indentation', 'indent with spaces: YAML does not allow tabs there'],
  [/^Missing closing/, 'this quote is not closed', 'end the text with the same quote, before the next key'],
  [/end with a }$/, 'this { has no matching }', 'close it, and indent its lines more than the key that it belongs to'],
  [/end with a ]$/, 'this [ has no matching ]', 'close it, and indent its lines more than the key that it belongs to'],
  [
    /must start at the same column/,
    'this line is not indented like the ones before it',
    'indent all entries of one table or list by the same number of spaces',
  ],
  [
    /^Nested mappings are not allowed/,
    'a second key follows on the line of a value, or the next line is indented too far',
    'quote the value if the colon belongs to it, or align the next line with the key',
  ],
  [
    /^Implicit (map )?keys|^Implicit map keys|^The : indicator/,
    'this is not a key with a value',
    'write "key: value", with a space after the colon',
  ],
  [
    /^Plain value cannot start with/,
    'text cannot begin with this character unless it is quoted',
    'put the whole text into quotes',
  ],
  [
    /^Invalid escape sequence/,
    'there is no such escape sequence',
    'write \\\\ for a backslash, or put the text into single quotes',
  ],
  [/^Alias cannot be an empty/, '* begins an alias, but no name follows', 'quote text that begins with *'],
  [/^Anchor cannot be an empty/, '& begins an anchor, but no name follows', 'quote text that begins with &'],
  [
    /^An alias node must not/,
    'an alias cannot have a tag or an anchor of its own',
    'remove the tag or anchor, or quote text that begins with *',
  ],
  [
    /^Block collections are not allowed within flow/,
    'entries within { } or [ ] must be separated by commas',
    'put a comma between them, or quote the text if the colon belongs to it',
  ],
  [/^Missing space after :/, 'a space is missing after the colon', 'write "key: value"'],
  [/^Missing , /, 'a comma is missing', 'separate entries within { } or [ ] by commas'],
  [/^Unexpected (, |empty item)/, 'an entry is missing before this comma', 'remove the comma, or write the entry'],
  [
    /^Unexpected .* at node end/,
    'this does not belong to the value before it',
    'quote the whole text: unquoted text cannot contain quotes after its beginning, and within { } or [ ] no braces, brackets or commas',
  ],
  [
    /in YAML stream/,
    'this does not belong here',
    'check the brackets, braces, quotes and the indentation of the lines before it',
  ],
  [
    /directives?-end|directive/i,
    'a line that begins with % is a YAML directive, but this directive is not known',
    'remove the line, or quote text that begins with %',
  ],
  [/^A block sequence may not/, 'a list is not possible here', 'give the list a key of its own, and indent it below'],
  [/^Comments must be separated/, 'a space is missing before the comment', 'put a space before #'],
  [
    /^Block scalar header/,
    'only an indicator such as | or > is possible on this line',
    'begin the text on the next line, indented',
  ],
  [/^Block scalars? /, 'this text is not indented like its first line', 'indent all lines of the text alike'],
  [/^A node can have at most one/, 'a value has two anchors or two tags', 'remove one of them'],
]

/** Explains a message of the YAML reader. */
export function explainYaml(message: string): Explanation {
  const known = EXPLANATIONS.find(([pattern]) => pattern.test(message))
  if (known) return { problem: known[1], hint: known[2] }
  return { problem: 'this is not valid YAML', hint: 'check the quotes, brackets and indentation here and before' }
}

/** Explains an unclosed bracket or brace whose end is inside a comment. */
export function explainComment(problem: string): Explanation {
  return { problem, hint: 'a # after a space begins a comment: quote text that contains one, such as "#"' }
}
