import type { ExplanationGroup } from './explanation.ts'

/** Findings of test files and of `warren.config.yaml`. */
export const WORKSPACE_FINDINGS: readonly ExplanationGroup[] = [
  {
    title: 'Files of tests',
    codes: {
      'tests-without-document': {
        meaning: 'A test file contains no document, several documents, or something other than a table.',
        cause: 'An empty file, or an extra `---`.',
        remedy: 'Write one document that begins with `warrenTests: 1`.',
      },
      'test-subject': {
        meaning: 'A test has none of `publish`, `fail`, `expire` and `user`, or several of them.',
        cause: 'Two tests in one.',
        remedy: 'Write exactly one of them.',
      },
      'test-publish': {
        meaning: 'A message has neither a publication nor an exchange, or both.',
        cause: 'A routing key next to a publication, which has its own.',
        remedy: 'Write `publication` with `parameters`, or `exchange` with `routingKey`.',
      },
      'test-expectation': {
        meaning: 'A test has no expectation, or one that does not fit its subject.',
        cause: '`reaches` with `expire`, for example.',
        remedy: 'Use an expectation that the hint lists.',
      },
      'test-duration': {
        meaning: 'A delay is not a duration.',
        cause: 'A unit that does not exist.',
        remedy: 'Write a number with `ms`, `s`, `m`, `h` or `d`.',
      },
      'test-name-unknown': {
        meaning: 'A test uses a name that the topology does not have.',
        cause: 'A typo, or a test of another topology.',
        remedy: 'Correct the name.',
      },
      'test-name-ambiguous': {
        meaning: 'Several vhosts have the name.',
        cause: 'A topology of several vhosts.',
        remedy: 'Add `vhost`.',
      },
      'test-parameter': {
        meaning: 'A parameter of a routing key has no value, does not exist, or is not one word.',
        cause: 'A publication that has changed.',
        remedy: 'Give each parameter one word without a dot.',
      },
    },
  },
  {
    title: 'The config',
    codes: {
      'config-without-document': {
        meaning: '`warren.config.yaml` contains no document, or several.',
        cause: 'An empty file, or an extra `---`.',
        remedy: 'Write one document that begins with `warrenConfig: 1`.',
      },
      'config-not-table': {
        meaning: 'The document is not a table.',
        cause: 'A list or a string at the top.',
        remedy: 'Begin it with `warrenConfig: 1`.',
      },
      'config-password-literal': {
        meaning: 'The config itself contains a password.',
        cause: 'A URL that was copied with its login.',
        remedy: 'Write `${env:NAME}`, or use `passwordFile`.',
      },
      'config-password-twice': {
        meaning: 'An environment has `password` and `passwordFile`.',
        cause: 'A change from one to the other.',
        remedy: 'Remove one of them.',
      },
      'config-reference-kind': {
        meaning: 'A reference is not of the kind `${env:}`.',
        cause: '`${var:}` or `${file:}`, which topology files have.',
        remedy: 'Use `${env:NAME}`, or `passwordFile` for a file.',
      },
      'config-reference-place': {
        meaning: 'The config has a reference in a place where warren does not resolve references.',
        cause: 'A reference in a path or a cluster name.',
        remedy: 'Write the value itself.',
      },
      'config-environment-unknown': {
        meaning: 'A name is not an environment of the config.',
        cause: 'A typo.',
        remedy: 'Use one of the names that the hint lists.',
      },
      'config-environment-left-out': {
        meaning: 'A project has overlays or variables for an environment that is not one of its environments.',
        cause: '`environments` of the project does not list it.',
        remedy: 'Add it there, or remove the entry.',
      },
      'config-project-differs': {
        meaning: 'The project of a document differs from the key in the config.',
        cause: 'A renamed project, or a path of another project.',
        remedy: 'Correct the document or the key.',
      },
    },
  },
]
