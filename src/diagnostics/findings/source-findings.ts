import { error } from './kind.ts'
import { withCommas } from '../text/with-commas.ts'

/** Findings of reading files and YAML, and of resolving references. */
export const sourceFindings = {
  'file-unreadable': error((args: { path: string; reason: string }) => ({
    message: `cannot read ${args.path}: ${args.reason}`,
    hint: 'check the path and its permissions',
  })),
  'file-not-utf8': error((args: { path: string }) => ({
    message: `${args.path} is not UTF-8 text`,
    hint: 'save the file as UTF-8',
  })),
  'folder-without-files': error((args: { path: string; skipped: number }) => ({
    message:
      args.skipped === 0
        ? `the folder ${args.path} contains no *.yaml or *.yml file`
        : `the folder ${args.path} contains no topology, only other files of warren`,
    hint: 'give the path of a topology file, or of a folder that contains some',
  })),
  'yaml-syntax': error((args: { problem: string; hint: string }) => ({ message: args.problem, hint: args.hint })),
  'json-syntax': error((args: { problem: string; hint: string }) => ({ message: args.problem, hint: args.hint })),
  'yaml-version': error((args: { version: string }) => ({
    message: `YAML ${args.version} is not supported`,
    hint: 'remove the %YAML directive: files are read as YAML 1.2',
  })),
  'nested-too-deep': error((args: { limit: number }) => ({
    message: `lists and tables are nested more than ${args.limit} deep`,
    hint: 'check the brackets: no topology needs such a depth',
  })),
  'duplicate-key': error((args: { key: string }) => ({
    message: `the key ${JSON.stringify(args.key)} appears twice in the same table`,
    hint: 'remove or rename one of them',
  })),
  'key-not-text': error((_args: Record<string, never>) => ({
    message: 'a key must be text, not a list or a table',
    hint: 'quote the key if the brackets or braces belong to it',
  })),
  'unknown-tag': error((args: { tag: string }) => ({
    message: `the tag ${args.tag} is not known here`,
    hint: '! begins a tag: quote text that begins with it',
  })),
  'alias-unknown': error((_args: Record<string, never>) => ({
    message: 'no anchor of this name precedes the alias',
    hint: '* begins an alias: quote text that begins with it, or define the anchor with & earlier in the same document',
  })),
  'alias-recursive': error((_args: Record<string, never>) => ({
    message: 'the alias refers to the value that contains it',
    hint: 'refer to a value that ends before the alias',
  })),
  'alias-expansion': error((args: { limit: number }) => ({
    message: `the aliases of this file expand to more than ${withCommas(args.limit)} values`,
    hint: 'use fewer aliases of aliases, or write the values out',
  })),
  'merge-not-table': error((_args: Record<string, never>) => ({
    message: '<< must be followed by a table, an alias of one, or a list of these',
    hint: 'quote the key if it is not meant as a merge: "<<"',
  })),
  'number-too-large': error((_args: Record<string, never>) => ({
    message: `the number is larger than 9007199254740991 and would be changed`,
    hint: 'use a smaller number, or quote it if text is meant',
  })),
  'number-not-finite': error((args: { text: string }) => ({
    message: `${args.text} is not a number that RabbitMQ accepts`,
    hint: 'use a number, or quote it if text is meant',
  })),
  'text-not-unicode': error((_args: Record<string, never>) => ({
    message: 'the text contains half of a surrogate pair, which is not valid in UTF-8',
    hint: 'write the character itself, or its code point as \\U0001F600',
  })),
  'reference-malformed': error((args: { problem: string; hint: string }) => ({
    message: args.problem,
    hint: args.hint,
  })),
  'environment-variable-not-set': error((args: { name: string }) => ({
    message: `the environment variable ${args.name} is not set`,
    hint: `set it, or give a default: \${env:${args.name}:-default}`,
  })),
  'variable-not-given': error((args: { name: string }) => ({
    message: `the variable ${args.name} is not given`,
    hint: `give it with --var ${args.name}=value, or in a file with --var-file`,
  })),
  'file-in-name': error((args: { reference: string }) => ({
    message: `${args.reference} cannot be part of a name, an address or a routing key: the content of a file is secret, and the broker shows its names to everyone`,
    hint: 'use ${env:NAME} or ${var:name} for names; keep ${file:path} for values',
  })),
  'referenced-file-unreadable': error((args: { path: string; reason: string }) => ({
    message: `cannot read ${args.path}: ${args.reason}`,
    hint: 'the path of ${file:} is relative to the file that contains it',
  })),
}
