/**
 * HTML that cannot be injected into: what is put into the template is escaped unless it was made
 * by the template itself. A report shows names, texts and bytes that a foreign program wrote.
 */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export type HtmlPart = Html | string | number | undefined | false | readonly HtmlPart[];

/** `html\`<b>${name}</b>\`` — strings are escaped, `Html` is kept, lists are joined, undefined and false are nothing. */
export function html(literals: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = literals[0] ?? "";
  parts.forEach((part, place) => {
    text += renderPart(part) + (literals[place + 1] ?? "");
  });
  return new Html(text);
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function renderPart(part: HtmlPart): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(renderPart).join("");
  return escapeHtml(String(part));
}

/**
 * A value for the page's script, as `JSON.parse(document.getElementById(id).textContent)`. A `<` is
 * written as an escape, because `</script>` inside a string would end the element.
 */
export function jsonElement(id: string, value: unknown): Html {
  const text = JSON.stringify(value).replaceAll("<", "\\u003c");
  return new Html(`<script type="application/json" id="${escapeHtml(id)}">${text}</script>`);
}
