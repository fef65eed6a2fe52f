import { error } from './kind.ts'

/** Findings of checking documents against the format, and of merging them. */
export const declarationFindings = {
  'not-a-topology': error((args: { path: string; is: keyof typeof FOREIGN_FILES }) => ({
    message: `${args.path} is ${FOREIGN_FILES[args.is].what}, and not a topology file`,
    hint: FOREIGN_FILES[args.is].use,
  })),
  'no-document': error((_args: Record<string, never>) => ({
    message: 'there is no topology file to read',
    hint: 'give the path of a topology file, or of a folder that contains some',
  })),
  'file-without-document': error((args: { path: string }) => ({
    message: `${args.path} contains no document`,
    hint: 'a document begins with "warren: 1" and "project: NAME"; remove the file if it is not needed',
  })),
  'document-not-table': error((args: { found: string }) => ({
    message: `a document must be a table of keys and values, not ${args.found}`,
    hint: 'it begins with "warren: 1" and "project: NAME"',
  })),
  'format-version': error((args: { version: string }) => ({
    message: `the file is written in format ${args.version}, and this version of warren reads format 1`,
    hint: 'use a newer warren',
  })),
  'project-differs': error((args: { project: string; first: string }) => ({
    message: `the project is ${JSON.stringify(args.project)} here and ${JSON.stringify(args.first)} elsewhere`,
    hint: 'all documents of a run belong to one project',
  })),
  'hand-over-to-itself': error((args: { key: string; project: string }) => ({
    message: `${args.key} names ${JSON.stringify(args.project)}, which is the project itself`,
    hint: 'name the project that owns the objects now',
  })),
  'former-project-differs': error((args: { project: string; first: string }) => ({
    message: `projectRenamedFrom is ${JSON.stringify(args.project)} here and ${JSON.stringify(args.first)} elsewhere`,
    hint: 'a project has one former name',
  })),
  'unknown-key': error((args: { key: string; allowed: readonly string[]; suggestion?: string }) => ({
    message: `unknown key "${args.key}"`,
    hint: args.suggestion ? `did you mean "${args.suggestion}"?` : `expected one of: ${args.allowed.join(', ')}`,
  })),
  'missing-key': error((args: { key: string; meaning: string }) => ({
    message: `the key "${args.key}" is missing`,
    hint: args.meaning,
  })),
  'wrong-value': error((args: { what: string; expected: string; found: string; hint?: string }) => ({
    message: `${args.what}: expected ${args.expected}, found ${args.found}`,
    ...(args.hint !== undefined && { hint: args.hint }),
  })),
  'one-form-of': error((args: { forms: readonly string[] }) => ({
    message: `exactly one of these forms is needed: ${args.forms.join('; or ')}`,
    hint: 'give the keys of one form, and none of the others',
  })),
  'name-invalid': error((args: { kind: string; name: string; problem: string }) => ({
    message: `the name ${shown(args.name)} of the ${args.kind} ${args.problem}`,
    hint: 'names are 1 to 255 bytes of UTF-8 without line breaks and control characters, and not . or ..',
  })),
  'name-reserved': error((args: { kind: string; name: string }) => ({
    message: `the name ${shown(args.name)} of the ${args.kind} begins with amq., which is reserved for the broker`,
    hint: 'choose another name; an amq.* exchange can be referred to without a declaration',
  })),
  'declared-twice': error((args: { what: string }) => ({
    message: `${args.what} is declared twice`,
    hint: 'remove one of the two declarations, or rename it',
  })),
  'vhost-claimed-twice': error((args: { vhost: string }) => ({
    message: `the vhost ${JSON.stringify(args.vhost)} is claimed by two documents`,
    hint: `keep the long form in one of them, and write "vhost: ${args.vhost}" in the other`,
  })),
  'user-set-twice': error((args: { user: string }) => ({
    message: `password, tags or limits of the user ${JSON.stringify(args.user)} are set in two documents`,
    hint: 'keep them in one document; the others may only give rights in their vhosts',
  })),
  'vhost-mapping-unknown': error((args: { from: string; suggestion?: string }) => ({
    message: `--vhost: no document describes the vhost ${JSON.stringify(args.from)}`,
    hint: args.suggestion
      ? `did you mean ${JSON.stringify(args.suggestion)}?`
      : 'write FROM=TO, where FROM is the vhost of a document',
  })),
  'variable-unused': error((args: { name: string; suggestion?: string }) => ({
    message: `no file refers to the variable ${JSON.stringify(args.name)}, so its value has no effect`,
    hint: args.suggestion
      ? `did you mean ${JSON.stringify(args.suggestion)}?`
      : `leave it out, or refer to it as \${var:${args.name}}`,
  })),
  'overlay-vhost-missing': error((args: { vhosts: readonly string[] }) => ({
    message: 'the overlay must name its vhost, because the topology has several',
    hint: `add "vhost:" with one of ${args.vhosts.map((vhost) => JSON.stringify(vhost)).join(', ')}`,
  })),
  'overlay-vhost-unknown': error((args: { vhost: string; suggestion?: string }) => ({
    message: `the overlay is for the vhost ${JSON.stringify(args.vhost)}, which no document describes`,
    hint: args.suggestion
      ? `did you mean ${JSON.stringify(args.suggestion)}?`
      : 'an overlay changes what topology files declare; add a document for the vhost there',
  })),
  'overlay-removes-nothing': error((args: { key: string; suggestion?: string }) => ({
    message: `the overlay removes "${args.key}", which no document declares`,
    hint: args.suggestion ? `did you mean "${args.suggestion}"?` : 'remove the line from the overlay',
  })),
  'reference-in-key': error((args: { key: string }) => ({
    message: `the key ${shown(args.key)} contains a reference, but only keys that name objects may contain one`,
    hint: 'write the key itself; its value may contain ${env:NAME}, ${file:path} or ${var:name}',
  })),
}

function shown(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name)
}

const FOREIGN_FILES = {
  definitions: {
    what: 'a definitions file that RabbitMQ exported',
    use: 'compare topology files with it: warren plan TOPOLOGY --against FILE',
  },
  plan: { what: 'a saved plan', use: 'print it with warren show, execute it with warren apply' },
  report: { what: 'the report of an apply', use: 'give the topology file that was applied' },
  config: {
    what: 'the configuration of a workspace',
    use: 'warren finds it automatically; if it is elsewhere, pass --config FILE',
  },
  tests: { what: 'a test file', use: 'run it with warren test FILE' },
  templates: { what: 'a template file', use: 'name it under "use:" in a topology file' },
  compiled: { what: 'a compiled topology', use: 'give the topology file that it was compiled from' },
} as const
