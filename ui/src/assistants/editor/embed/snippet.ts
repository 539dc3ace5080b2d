/** The line that puts an assistant on a page. */
export function scriptTag(origin: string, assistantId: string): string {
  return `<script async src="${origin}/widget.js" data-assistant-id="${assistantId}"></script>`;
}

/** What a page with a Content-Security-Policy has to allow for it. */
export function cspEntries(origin: string): string {
  return `script-src ${origin}; connect-src ${origin}; img-src ${origin} data:`;
}
