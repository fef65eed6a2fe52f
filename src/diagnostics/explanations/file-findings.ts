import type { ExplanationGroup } from './explanation.ts'

/** Findings of reading files, and of documents and overlays. */
export const FILE_FINDINGS: readonly ExplanationGroup[] = [
  {
    title: 'Reading files, YAML and references',
    codes: {
      'file-unreadable': {
        meaning: 'A file or folder cannot be read.',
        cause: 'A wrong path or missing permissions.',
        remedy: 'Correct the path or the permissions.',
      },
      'file-not-utf8': {
        meaning: 'A file is not UTF-8 text.',
        cause: 'An editor saved it in another encoding.',
        remedy: 'Save it as UTF-8.',
      },
      'folder-without-files': {
        meaning: 'A folder contains no topology in `*.yaml` or `*.yml` files.',
        cause: 'A wrong path.',
        remedy: 'Give a folder that contains topology files.',
      },
      'yaml-syntax': {
        meaning: 'The text is not valid YAML.',
        cause: 'Wrong indentation, a missing colon or quote.',
        remedy: 'Correct the line that the code frame shows.',
      },
      'json-syntax': {
        meaning: 'The text is not valid JSON.',
        cause: 'A trailing comma, a comment, single quotes, or a file that was cut off.',
        remedy: 'Correct the line.',
      },
      'yaml-version': {
        meaning: 'The file asks for a YAML version other than 1.2.',
        cause: 'A `%YAML` directive.',
        remedy: 'Remove the directive.',
      },
      'nested-too-deep': {
        meaning: 'Lists and tables are nested too deeply.',
        cause: 'Unbalanced brackets.',
        remedy: 'Check the brackets.',
      },
      'duplicate-key': {
        meaning: 'A table contains a key twice.',
        cause: 'Two declarations of one name after a merge.',
        remedy: 'Remove or rename one of them.',
      },
      'key-not-text': {
        meaning: 'A key is a list or a table.',
        cause: 'Unquoted brackets or braces in a name.',
        remedy: 'Quote the key.',
      },
      'unknown-tag': {
        meaning: 'A YAML tag is not known.',
        cause: 'Text that begins with `!`.',
        remedy: 'Quote the text.',
      },
      'alias-unknown': {
        meaning: 'An alias has no anchor before it.',
        cause: 'Text that begins with `*`, or an anchor in another document.',
        remedy: 'Quote the text, or define the anchor earlier in the document.',
      },
      'alias-recursive': {
        meaning: 'An alias refers to a value that contains it.',
        cause: 'An anchor around its own alias.',
        remedy: 'Refer to a value that ends before.',
      },
      'alias-expansion': {
        meaning: 'The aliases of a file expand to too many values.',
        cause: 'Aliases of aliases.',
        remedy: 'Use fewer of them.',
      },
      'merge-not-table': {
        meaning: '`<<` is followed by something other than tables.',
        cause: 'A merge of a list or a string.',
        remedy: 'Give a table or an alias of one.',
      },
      'number-too-large': {
        meaning: 'A number cannot be represented exactly.',
        cause: 'A long ID without quotes.',
        remedy: 'Quote it, or use a smaller number.',
      },
      'number-not-finite': {
        meaning: 'A number is infinite or not a number.',
        cause: '`.inf` or `.nan`.',
        remedy: 'Use a number, or quote it.',
      },
      'text-not-unicode': {
        meaning: 'A string contains half of a surrogate pair.',
        cause: 'A wrong escape such as `\\ud83d`.',
        remedy: 'Write the character itself.',
      },
      'reference-malformed': {
        meaning: 'A `${…}` reference is not well formed.',
        cause: 'A missing brace or an unknown kind.',
        remedy: 'Write `${env:NAME}`, `${var:name}` or `${file:path}`.',
      },
      'reference-in-key': {
        meaning: 'A key that does not name an object contains a reference.',
        cause: 'A reference in the name of an argument.',
        remedy: 'Write the key itself; its value may contain references.',
      },
      'environment-variable-not-set': {
        meaning: 'A reference names an environment variable that is not set.',
        cause: 'A variable missing in the pipeline.',
        remedy: 'Set it, or give a default.',
      },
      'variable-not-given': {
        meaning: 'A reference names a variable that was not given.',
        cause: 'A missing `--var` or `--var-file`.',
        remedy: 'Give the variable.',
      },
      'file-in-name': {
        meaning: 'A `${file:}` reference is part of a name.',
        cause: 'A secret used as a name.',
        remedy: 'Use `${env:}` or `${var:}` for names.',
      },
      'referenced-file-unreadable': {
        meaning: 'The file of a `${file:}` reference cannot be read.',
        cause: 'The path is relative to the file in which it is written.',
        remedy: 'Correct the path.',
      },
    },
  },
  {
    title: 'Documents, overlays and names',
    codes: {
      'not-a-topology': {
        meaning: 'A file is another kind of warren file, or a definitions file of RabbitMQ.',
        cause: 'The wrong argument.',
        remedy: 'Give the topology file, or use the command that the hint names.',
      },
      'no-document': {
        meaning: 'There is no topology file to read.',
        cause: 'A missing path.',
        remedy: 'Give a file or a folder.',
      },
      'file-without-document': {
        meaning: 'A file is empty.',
        cause: 'Only comments in it.',
        remedy: 'Add a document or remove the file.',
      },
      'document-not-table': {
        meaning: 'A document is not a table.',
        cause: 'A list at the top.',
        remedy: 'Begin with `warren: 1` and `project: NAME`.',
      },
      'format-version': {
        meaning: 'The file has another format version.',
        cause: 'It was written for another version of warren.',
        remedy: 'Use a newer version of warren.',
      },
      'project-differs': {
        meaning: 'Documents of one run name different projects.',
        cause: 'Files of two projects in one folder.',
        remedy: 'Run each project by itself.',
      },
      'hand-over-to-itself': {
        meaning: '`takesOver` or `projectRenamedFrom` names the project itself.',
        cause: 'A copied line.',
        remedy: 'Name the project that owns the objects now.',
      },
      'former-project-differs': {
        meaning: 'Documents give the project different former names.',
        cause: 'A change in only some of the files.',
        remedy: 'Use one former name.',
      },
      'unknown-key': {
        meaning: 'A key is not part of the format.',
        cause: 'A typo.',
        remedy: 'Use the suggested key.',
      },
      'missing-key': {
        meaning: 'A required key is missing.',
        cause: 'An incomplete declaration.',
        remedy: 'Add the key.',
      },
      'wrong-value': {
        meaning: 'A value has the wrong type or is not one of the allowed values.',
        cause: 'A number as text, or a misspelled word.',
        remedy: 'Write a value that the message describes.',
      },
      'one-form-of': {
        meaning: 'Keys of several forms are mixed, or no form is complete.',
        cause: 'Two ways to write the same thing.',
        remedy: 'Keep the keys of one form.',
      },
      'name-invalid': {
        meaning: 'The broker or its API does not accept a name.',
        cause: 'An empty or long name, or control characters.',
        remedy: 'Choose another name.',
      },
      'name-reserved': {
        meaning: 'A name begins with `amq.`.',
        cause: 'A name that is reserved for the broker.',
        remedy: 'Choose another name.',
      },
      'declared-twice': {
        meaning: 'An object is declared twice.',
        cause: 'Two files declare it.',
        remedy: 'Remove one declaration.',
      },
      'vhost-claimed-twice': {
        meaning: 'Two documents have the long form of one vhost.',
        cause: 'A copied header.',
        remedy: 'Keep the long form in one of them.',
      },
      'user-set-twice': {
        meaning: 'Two documents set password, tags or limits of one user.',
        cause: 'A copied user.',
        remedy: 'Keep them in one document.',
      },
      'vhost-mapping-unknown': {
        meaning: '`--vhost` maps a vhost that no document has.',
        cause: 'A typo.',
        remedy: 'Write `FROM=TO` with the vhost of a document.',
      },
      'variable-unused': {
        meaning: '`--var` gives a variable to which no file refers.',
        cause: 'A typo, or a variable that the files no longer have.',
        remedy: 'Correct the name, or leave the option out.',
      },
      'overlay-vhost-missing': {
        meaning: 'An overlay does not say which of several vhosts it changes.',
        cause: 'A second vhost was added.',
        remedy: 'Add `vhost:` to the overlay.',
      },
      'overlay-vhost-unknown': {
        meaning: 'An overlay is for a vhost that no document has.',
        cause: 'A typo.',
        remedy: 'Correct the vhost.',
      },
      'overlay-removes-nothing': {
        meaning: 'An overlay removes a key that nothing declares.',
        cause: 'The declaration was removed or renamed.',
        remedy: 'Remove the line.',
      },
    },
  },
]
