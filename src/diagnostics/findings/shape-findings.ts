import { error } from './kind.ts'

/** Findings about defaults, templates, `forEach` and names that are replaced with values. */
export const shapeFindings = {
  'shape-in-overlay': error((args: { key: string }) => ({
    message: `${args.key} is not allowed in an overlay`,
    hint: 'an overlay changes objects by their names, after templates and repetitions are expanded: write the properties out, or change the topology file',
  })),
  'overlay-name-unknown': error((args: { kind: string; name: string; suggestion?: string }) => ({
    message: `the overlay names the ${args.kind} ${JSON.stringify(args.name)}, which no document declares`,
    hint:
      args.suggestion === undefined
        ? 'write "new: true" there if the overlay should add it'
        : `did you mean ${JSON.stringify(args.suggestion)}? write "new: true" there if the overlay should add it`,
  })),
  'overlay-new-exists': error((args: { kind: string; name: string }) => ({
    message: `the overlay says that the ${args.kind} ${JSON.stringify(args.name)} is new, and a document declares it`,
    hint: 'remove "new: true" to change the declared one, or choose another name',
  })),
  'new-outside-overlay': error((_args: Record<string, never>) => ({
    message: '"new" is allowed only in an overlay',
    hint: 'remove it: everything that a document declares is created where it is missing',
  })),
  'templates-kind': error((args: { path: string }) => ({
    message: `${args.path} is not a template file`,
    hint: 'it begins with "warrenTemplates: 1"',
  })),
  'templates-version': error((args: { version: string }) => ({
    message: `the templates are written in format ${args.version}, and this version of warren reads format 1`,
    hint: 'use a newer warren',
  })),
  'template-twice': error((args: { name: string }) => ({
    message: `the template ${JSON.stringify(args.name)} is defined twice`,
    hint: 'remove or rename one of them',
  })),
  'template-unknown': error((args: { name: string; known: readonly string[]; suggestion?: string }) => ({
    message: `there is no template ${JSON.stringify(args.name)}`,
    hint:
      args.suggestion === undefined
        ? args.known.length === 0
          ? 'define it below "templates", or name the file that defines it with "use"'
          : `the templates here are ${args.known.join(', ')}`
        : `did you mean ${JSON.stringify(args.suggestion)}?`,
  })),
  'template-without-section': error((args: { name: string; section: string }) => ({
    message: `the template ${JSON.stringify(args.name)} has nothing for ${args.section}`,
    hint: `add "${args.section}" to the template, or remove its name here`,
  })),
  'template-without-effect': error((args: { kind: string; name: string; reason: 'external' | 'named' }) => ({
    message: `the ${args.kind} ${JSON.stringify(args.name)} cannot inherit properties, because it ${
      args.reason === 'external' ? 'is external' : 'is named as a dead-letter or delay queue'
    }`,
    hint: 'remove "template", and write its properties out',
  })),
  'not-inheritable': error((args: { key: string }) => ({
    message: `"${args.key}" cannot be inherited`,
    hint: 'write it next to the object itself',
  })),
  'null-removes-nothing': error((args: { key: string; suggestion?: string }) => ({
    message: `null removes what a template or default sets, and none of them sets "${args.key}" here`,
    hint: args.suggestion === undefined ? 'remove the key' : `did you mean "${args.suggestion}"?`,
  })),
  'for-each-form': error((args: { found: string }) => ({
    message: `forEach needs names with the list of their values, found ${args.found}`,
    hint: 'write it as { tenant: [acme, globex] }, { tenant: "${var:tenants}" } or { tenant: { lines: tenants.txt } }',
  })),
  'for-each-name': error((args: { name: string; problem: string }) => ({
    message: `forEach: the name ${JSON.stringify(args.name)} ${args.problem}`,
    hint: 'a name begins with a letter and holds letters, digits, _ and -; vhost and environment are known already',
  })),
  'for-each-empty': error((args: { name: string }) => ({
    message: `forEach: the list of ${args.name} resolves to nothing`,
    hint: 'give it values, or write [] to repeat nothing',
  })),
  'for-each-value': error((args: { name: string; found: string }) => ({
    message: `forEach: a value of ${args.name} is text or a table of strings, found ${args.found}`,
    hint: 'write the value as text, or as a table such as { name: acme, maxQueues: 50 }',
  })),
  'for-each-twice': error((args: { name: string; value: string }) => ({
    message: `forEach: the value ${JSON.stringify(args.value)} of ${args.name} is listed twice`,
    hint: 'remove one of them',
  })),
  'for-each-unreadable': error((args: { path: string; reason: string }) => ({
    message: `cannot read ${args.path}: ${args.reason}`,
    hint: 'the path of "lines" is relative to the file that contains it',
  })),
  'for-each-not-in-key': error((args: { name: string }) => ({
    message: `the key does not contain \${${args.name}}, so all instances would have the same name`,
    hint: `put \${${args.name}} into the key`,
  })),
  'instances-differ': error((args: { what: string; names: readonly string[] }) => ({
    message: `${args.what} exists once for all instances, but its value depends on ${args.names.map((name) => `\${${name}}`).join(', ')}`,
    hint: 'put the name into the key, or take it out of the value',
  })),
  'instance-unknown': error((args: { name: string; known: readonly string[]; suggestion?: string }) => ({
    message: `the name \${${args.name}} is not known here`,
    hint:
      args.suggestion === undefined
        ? `the names here are ${args.known.join(', ')}; write \${env:${args.name}} or \${var:${args.name}} for a variable, and $\${ for a literal \${`
        : `did you mean \${${args.suggestion}}?`,
  })),
  'instance-field': error((args: { name: string; field?: string; fields: readonly string[]; suggestion?: string }) => ({
    message:
      args.field === undefined
        ? `\${${args.name}} is a table, not a string`
        : args.fields.length === 0
          ? `\${${args.name}} is a string and has no field "${args.field}"`
          : `this instance of \${${args.name}} has no field "${args.field}"`,
    hint:
      args.suggestion === undefined
        ? args.fields.length === 0
          ? `write \${${args.name}}`
          : `its fields are ${args.fields.map((field) => `\${${args.name}.${field}}`).join(', ')}`
        : `did you mean \${${args.name}.${args.suggestion}}?`,
  })),
  'instance-not-in-reference': error((args: { value: string }) => ({
    message: `the value ${JSON.stringify(args.value)} cannot be written there: it would change how the reference is read`,
    hint: 'values within or right before a reference must not contain braces or :-, and must not end with $',
  })),
  'instance-in-topic-key': error((args: { value: string }) => ({
    message: `the value ${JSON.stringify(args.value)} contains * or #, which match other keys in a topic routing key`,
    hint: 'use values without * and #',
  })),
  'instance-in-publication-key': error((args: { value: string }) => ({
    message: `the value ${JSON.stringify(args.value)} contains a brace, which begins a parameter in the routing key of a publication`,
    hint: 'use values without braces',
  })),
  'vhost-in-header': error((_args: Record<string, never>) => ({
    message: '${vhost} is not known yet: it is the name that the header gives',
    hint: 'use it in the sections of the document',
  })),
  'environment-not-chosen': error((_args: Record<string, never>) => ({
    message: '${environment} is the name of the chosen environment, and none is chosen',
    hint: 'choose one with --environment NAME',
  })),
}
