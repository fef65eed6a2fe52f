import { error } from './kind.ts'

/** Findings of reading the files that a topology names. */
export const loadFindings = {
  'not-formatted': error((args: { path: string }) => ({
    message: `${args.path} cannot be formatted without losing or moving something`,
    hint: 'format it manually; files without comments in unusual places, such as after an anchor, can be formatted',
  })),
  'secret-in-rendered': error((_args: Record<string, never>) => ({
    message: 'a secret (a password, a hash, or a login) would get into the rendered topology, which keeps none',
    hint: 'write it as ${env:NAME} or ${file:path} and nothing else, which warren render keeps as it is written',
  })),
  'schema-invalid': error((args: { path: string; problem: string }) => ({
    message: `the message schema ${args.path} is not a valid JSON Schema: ${args.problem}`,
    hint: 'write one schema of draft 2020-12, or of draft-07 with its $schema, that refers to no other file',
  })),
}
