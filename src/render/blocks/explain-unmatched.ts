import type { Block } from '../../plan/block.ts'
import { showText } from '../words/show-value.ts'

type Unmatched = Extract<Block, { reason: 'unmatched-address' }>

const WRITE_AS_PLANS_DO = 'write it as plans do, kind:vhost/name with %2F for the vhost "/"'

/** Explains why an option does not work with its address. */
export function explainUnmatched({ problem, nearest }: Unmatched): [what: string, remedy: string] {
  const meant = nearest === undefined ? '' : `did you mean ${nearest}? else `
  switch (problem?.kind) {
    case undefined:
      return [
        'no object in this plan has this address, so the plan would be limited to the wrong objects',
        `${meant}${WRITE_AS_PLANS_DO}`,
      ]
    case 'missing':
      return [
        'neither the files nor the broker have an object with this address',
        `${meant}write it as plans do, kind:vhost/name with %2F for the vhost "/", or leave the option out`,
      ]
    case 'no-match':
      return [
        'it matches no object in this plan to which the option applies, so it would have no effect',
        `correct the glob, or leave it out`,
      ]
    case 'not-declared':
      return [
        'the files do not declare this object, so nothing can create or replace it',
        'declare it, or leave the option out',
      ]
    case 'not-replaceable':
      return ['only queues and exchanges are replaced', 'leave the option out']
    case 'not-self-deleting':
      return ['it never deletes itself, so warren creates it whenever it is missing', 'leave the option out']
    case 'external':
      return [
        'the files declare it with external: true, and warren never replaces or deletes such an object',
        'leave the option out, or remove external: true',
      ]
    case 'vhost-not-managed':
      return [
        'the files only refer to this virtual host, so warren does not own it and does not delete it',
        'leave the option out, or write the virtual host as a table, such as  vhost: { name: orders }',
      ]
    case 'not-owned': {
      const owner = problem.project === undefined ? 'no project' : `the project ${showText(problem.project)}`
      return [
        `this project does not own it (${owner} does), so warren does not delete it`,
        'leave the option out; a project owns an object after the files declare it and an apply has recorded it',
      ]
    }
  }
}
