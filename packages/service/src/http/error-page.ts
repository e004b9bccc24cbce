import { meanings } from './problem-types.ts'

/** The page that the types of problems lead to: every code with what it means, in HTML, each at an anchor of its own. */
export function errorPage(): string {
  const rows = [...meanings].map(([code, about]) => `<dt id="${code}">${code}</dt><dd>${escaped(about)}</dd>`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Errors of Reprise</title>
<h1>Errors</h1>
<p>The <code>type</code> of a problem document leads here. Problems of the type <code>about:blank</code> say no more than their HTTP status.</p>
<dl>
${rows.join('\n')}
</dl>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
