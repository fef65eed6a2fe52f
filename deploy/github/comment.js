// Writes a file of Markdown as a comment on the pull request of this workflow. If an earlier comment starts with the same line, it is
// replaced. Usage: node comment.js FILE

import { existsSync, readFileSync } from 'node:fs'

const PER_PAGE = 100

const [file] = process.argv.slice(2)
const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_EVENT_PATH, GITHUB_TOKEN } = process.env

if (!existsSync(file)) {
  console.log('::notice title=warren::there is no result to comment with')
} else {
  try {
    await comment(readFileSync(file, 'utf8'))
  } catch (error) {
    // A workflow of a fork may not comment. The job summary has the result too.
    console.log(`::warning title=warren::the comment could not be written: ${error.message}`)
  }
}

async function comment(body) {
  const { number } = JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8')).pull_request
  const comments = `/repos/${GITHUB_REPOSITORY}/issues/${number}/comments`
  const [marker] = body.split('\n')
  const earlier = await findComment(comments, marker)
  if (earlier === undefined) await request('POST', comments, { body })
  else await request('PATCH', `/repos/${GITHUB_REPOSITORY}/issues/comments/${earlier.id}`, { body })
}

async function findComment(comments, marker) {
  for (let page = 1; ; page++) {
    const found = await request('GET', `${comments}?per_page=${PER_PAGE}&page=${page}`)
    const earlier = found.find(({ body }) => body?.startsWith(marker))
    if (earlier !== undefined || found.length < PER_PAGE) return earlier
  }
}

async function request(method, path, body) {
  const response = await fetch(`${GITHUB_API_URL}${path}`, {
    method,
    headers: { authorization: `Bearer ${GITHUB_TOKEN}`, accept: 'application/vnd.github+json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path} answers ${response.status}`)
  return response.json()
}
