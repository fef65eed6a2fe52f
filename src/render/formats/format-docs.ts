import type { TopologyDocs } from '../../insight/docs/documented.ts'
import { docsAsyncapi } from '../docs/docs-asyncapi.ts'
import { docsMarkdown } from '../docs/docs-markdown.ts'

export interface DocsFormatOptions {
  /** A reference for people, or an AsyncAPI 3 document in JSON. Default `markdown`. */
  readonly format?: 'markdown' | 'asyncapi'
}

/** Formats the result of `docs`. */
export function formatDocs(docs: TopologyDocs, options: DocsFormatOptions = {}): string {
  switch (options.format ?? 'markdown') {
    case 'markdown':
      return docsMarkdown(docs)
    case 'asyncapi':
      return docsAsyncapi(docs)
  }
}
