import type { ExplanationGroup } from './explanation.ts'

/** Findings of templates and repetition, and of references between objects. */
export const SHAPE_FINDINGS: readonly ExplanationGroup[] = [
  {
    title: 'Templates, repetition and names that are filled in',
    codes: {
      'shape-in-overlay': {
        meaning: 'An overlay contains `use`, `defaults`, `templates`, `template` or `forEach`.',
        cause: 'A part of a topology file was copied.',
        remedy: 'Write the properties out, or change the topology file.',
      },
      'overlay-name-unknown': {
        meaning: 'An overlay names an object that no document declares.',
        cause: 'A typo, or the object was renamed.',
        remedy: 'Correct the name, or write `new: true` there.',
      },
      'overlay-new-exists': {
        meaning: 'An overlay has `new: true` for an object that is already declared.',
        cause: 'A document declares it in the meantime.',
        remedy: 'Remove `new: true`.',
      },
      'new-outside-overlay': {
        meaning: 'A document contains `new`.',
        cause: 'A part of an overlay was copied.',
        remedy: 'Remove it.',
      },
      'templates-kind': {
        meaning: 'A file that `use` names does not contain templates.',
        cause: 'A wrong path.',
        remedy: 'Begin it with `warrenTemplates: 1`.',
      },
      'templates-version': {
        meaning: 'The templates have another format version.',
        cause: 'They were written for another version of warren.',
        remedy: 'Use a newer version of warren.',
      },
      'template-twice': {
        meaning: 'Two files or tables define one template.',
        cause: 'A copied template.',
        remedy: 'Rename one of them.',
      },
      'template-unknown': {
        meaning: 'No template has this name.',
        cause: 'A typo, or a missing `use`.',
        remedy: 'Correct the name, or use the file that defines it.',
      },
      'template-without-section': {
        meaning: 'A template has no section for this kind of object.',
        cause: 'The wrong template.',
        remedy: 'Add the section to the template, or name another one.',
      },
      'template-without-effect': {
        meaning: 'An object that cannot inherit properties names a template.',
        cause: 'An external object, or one that is named as a dead-letter or delay queue.',
        remedy: 'Remove `template`.',
      },
      'not-inheritable': {
        meaning: 'A template or default sets a property that belongs to one object.',
        cause: '`external` or `forEach` in a template.',
        remedy: 'Write it as a key of the object.',
      },
      'null-removes-nothing': {
        meaning: '`null` removes a property that nothing sets.',
        cause: 'The template or default was changed.',
        remedy: 'Remove the key.',
      },
      'for-each-form': {
        meaning: '`forEach` is not a table of lists.',
        cause: 'A list without a name.',
        remedy: 'Write `{ tenant: [acme, globex] }`.',
      },
      'for-each-name': {
        meaning: 'A name of `forEach` cannot be used.',
        cause: 'A name with a dot, or one that is taken.',
        remedy: 'Choose another name.',
      },
      'for-each-empty': {
        meaning: 'A list of `forEach` is empty after it is resolved.',
        cause: 'An empty variable or file.',
        remedy: 'Give it values, or write `[]`.',
      },
      'for-each-value': {
        meaning: 'A value of `forEach` is neither text nor a table of strings.',
        cause: 'A list within the list.',
        remedy: 'Write text or a table.',
      },
      'for-each-twice': {
        meaning: 'A list of `forEach` contains a value twice.',
        cause: 'A copied line.',
        remedy: 'Remove one.',
      },
      'for-each-unreadable': {
        meaning: 'The file of `lines` cannot be read.',
        cause: 'The path is relative to the file in which it is written.',
        remedy: 'Correct the path.',
      },
      'for-each-not-in-key': {
        meaning: 'The key of a repeated entry does not contain the name.',
        cause: 'Only the value contains the name.',
        remedy: 'Put it into the key.',
      },
      'instances-differ': {
        meaning: 'An entry exists once for all instances, but its value differs between them.',
        cause: 'The key does not contain the name.',
        remedy: 'Put the name into the key.',
      },
      'instance-unknown': {
        meaning: 'No `forEach` that applies here has the name in `${name}`.',
        cause: 'A typo.',
        remedy: 'Use the suggested name.',
      },
      'instance-field': {
        meaning: 'A field of a value does not exist, or a table is used as text.',
        cause: 'A typo.',
        remedy: 'Use one of its fields.',
      },
      'instance-not-in-reference': {
        meaning: 'A value would change the meaning of the reference that contains it.',
        cause: 'A value with a brace.',
        remedy: 'Use another value.',
      },
      'instance-in-topic-key': {
        meaning: 'A value with `*` or `#` is filled into a topic routing key.',
        cause: 'A name with a wildcard.',
        remedy: 'Use values without wildcards.',
      },
      'instance-in-publication-key': {
        meaning: 'A value with a brace is filled into the routing key of a publication.',
        cause: 'A name with a brace.',
        remedy: 'Use values without braces.',
      },
      'vhost-in-header': {
        meaning: 'The header contains `${vhost}`.',
        cause: 'The name is known only after the header.',
        remedy: 'Use it in the sections.',
      },
      'environment-not-chosen': {
        meaning: '`${environment}` has no value.',
        cause: 'No environment was chosen.',
        remedy: 'Choose one.',
      },
    },
  },
  {
    title: 'References between objects',
    codes: {
      'unknown-exchange': {
        meaning: 'An exchange is not declared in this vhost.',
        cause: 'A typo, or another project owns it.',
        remedy: 'Declare it, with `external: true` if another project owns it.',
      },
      'unknown-queue': {
        meaning: 'A queue is not declared in this vhost.',
        cause: 'A typo, or another project owns it.',
        remedy: 'Declare it, with `external: true` if another project owns it.',
      },
      'unknown-route': {
        meaning: 'A publication or subscription is not declared in this vhost.',
        cause: 'A typo in `can`.',
        remedy: 'Declare it or correct the name.',
      },
      'parameter-twice': {
        meaning: 'A parameter is declared twice.',
        cause: 'Two files declare it.',
        remedy: 'Keep one.',
      },
      'global-parameter-twice': {
        meaning: 'A global parameter is declared in two vhosts.',
        cause: 'The broker has one for all vhosts.',
        remedy: 'Keep one.',
      },
      'parameter-kept-elsewhere': {
        meaning: 'A parameter has a component for which topology files have a separate section.',
        cause: 'A shovel or an upstream under `parameters:`.',
        remedy: 'Write it under the section that the hint names.',
      },
      'reserved-parameter': {
        meaning: 'A global parameter has the name of a record of warren.',
        cause: 'A name that begins with `warren.`.',
        remedy: 'Choose another name.',
      },
      'renamed-from-itself': {
        meaning: '`renamedFrom` names an object that is declared.',
        cause: 'The old declaration is still in the files.',
        remedy: 'Remove the old declaration or `renamedFrom`.',
      },
      'renamed-twice': {
        meaning: 'Two objects are renamed from the same one.',
        cause: 'A copied line.',
        remedy: 'Keep one `renamedFrom`.',
      },
      'holding-name-taken': {
        meaning: 'A declared queue has the name in which messages wait during a rename.',
        cause: 'A queue that ends with `.moving`.',
        remedy: 'Rename it.',
      },
      'lock-name-taken': {
        meaning: 'A queue has a name that is reserved for locks of warren.',
        cause: 'A name that begins with `warren.lock.`.',
        remedy: 'Rename it.',
      },
      'derived-policy-taken': {
        meaning: 'A policy has the name of the policy that `deadLetter` with `by: policy` creates.',
        cause: 'A manual policy from before.',
        remedy: 'Rename or remove the declared policy.',
      },
      'binding-breaks-lists': {
        meaning: 'A binding would make the broker answer 500 to every list of bindings.',
        cause: 'Arguments together with a `~` before the end of the routing key.',
        remedy: 'Change the routing key or leave the arguments out.',
      },
      'super-stream-partitions': {
        meaning: 'A super stream has both a number of partitions and `bindingKeys`, or neither.',
        cause: 'Two forms are mixed.',
        remedy: 'Keep one of them.',
      },
      'unknown-super-stream': {
        meaning: 'A subscription names a super stream that is not declared in its virtual host.',
        cause: 'A misspelled name, or a super stream that another tool created.',
        remedy: 'Declare it under `superStreams`, so that its partitions are known.',
      },
      'super-stream-offset': {
        meaning: 'A subscription to a super stream begins at `next`, `last` or a number.',
        cause: 'The offset was written for a single stream.',
        remedy: 'Write `first` or a time. A stored offset takes precedence.',
      },
      'routing-key-with-super-stream': {
        meaning: 'A publication to a super stream has a routing key.',
        cause: 'The publication went to an exchange before.',
        remedy: 'Remove it, or name the super stream as `exchange`, and fill the routing key yourself.',
      },
      'binding-key-twice': {
        meaning: 'A super stream has a binding key twice.',
        cause: 'A copied line.',
        remedy: 'Write each key once.',
      },
      'default-exchange-key': {
        meaning: 'The key of a binding through the default exchange differs from the name of the queue.',
        cause: "The default exchange routes by the queue's name.",
        remedy: 'Leave the routing key out.',
      },
      'default-exchange-without-queue': {
        meaning: 'Dead letters go to the default exchange without the name of a queue.',
        cause: 'A missing `routingKey`.',
        remedy: "Give the queue's name as `routingKey`.",
      },
      'default-exchange': {
        meaning: 'The empty name, which means the default exchange, is used where that exchange is not possible.',
        cause: 'An empty value.',
        remedy: 'Name an exchange.',
      },
      'internal-exchange': {
        meaning: 'A publication goes to an internal exchange.',
        cause: '`internal: true` on the exchange.',
        remedy: 'Use another exchange, or remove `internal`.',
      },
      'duplicate-binding': {
        meaning: 'A binding is declared twice.',
        cause: 'A copied line.',
        remedy: 'Remove one.',
      },
      'binding-slot-taken': {
        meaning: 'The broker would keep only one of two bindings.',
        cause: 'Two weights or two selectors between the same ends.',
        remedy: 'Keep one binding.',
      },
      'routing-key-too-long': {
        meaning: 'A routing key has more than 255 bytes.',
        cause: 'A generated key.',
        remedy: 'Shorten it.',
      },
      'binding-weight': {
        meaning: 'The weight of a consistent-hash binding is not a whole number above 0.',
        cause: 'A routing key in its place.',
        remedy: 'Write a weight such as `"1"`.',
      },
      'binding-local-random': {
        meaning: 'An `x-local-random` exchange does not accept the binding.',
        cause: 'A routing key, a quorum queue, a stream or an exchange.',
        remedy: 'Bind a classic queue without a routing key.',
      },
      'unknown-x-match': {
        meaning: '`x-match` has a value that the broker does not know.',
        cause: 'A typo.',
        remedy: 'Write `all`, `any`, `all-with-x` or `any-with-x`.',
      },
    },
  },
]
