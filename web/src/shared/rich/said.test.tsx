import { render } from "@testing-library/react";
import { h, render as draw } from "preact";
import { describe, expect, it } from "vitest";
import type { Block } from "@/contract";
import { rendered } from "./render";
import { Said } from "./said";

const rich: Block[] = [
  {
    type: "paragraph",
    spans: [{ text: "See " }, { text: "here", bold: true, italic: true, link: "https://a.example" }],
  },
  { type: "number", number: 3, spans: [{ text: "<b>one</b>" }] },
  { type: "bullet", level: 1, spans: [{ text: "x", code: true }] },
  { type: "number", spans: [{ text: "two https://b.example." }] },
  { type: "paragraph", quoted: true, spans: [{ text: "said" }] },
  { type: "bullet", quoted: true, spans: [] },
  { type: "code", spans: [{ text: "a" }] },
  { type: "code", spans: [] },
  { type: "code", spans: [{ text: "  b" }] },
  { type: "paragraph", spans: [{ text: "Ada", mention: "u1" }] },
];

const rel = 'target="_blank" rel="noopener noreferrer nofollow"';
const html =
  `<p>See <a href="https://a.example" ${rel}><strong><em>here</em></strong></a></p>` +
  `<ol><li value="3">&lt;b&gt;one&lt;/b&gt;<ul><li><code>x</code></li></ul></li>` +
  `<li value="4">two <a href="https://b.example" ${rel}>https://b.example</a>.</li></ol>` +
  `<blockquote><p>said</p><ul><li></li></ul></blockquote>` +
  `<pre tabindex="0"><code>a\n\n  b</code></pre>` +
  `<p><span class="mention">@Ada</span></p>`;

describe("what was said", () => {
  it("is the same elements in the app and in the widget", () => {
    const { container } = render(<Said text="x" rich={rich} />);
    expect(container.querySelector(".rich")?.innerHTML).toBe(html);
    const widget = document.createElement("div");
    draw(h("div", null, ...rendered(rich, h)), widget);
    expect(widget.firstElementChild?.innerHTML).toBe(html);
  });

  it("is its text when there is no more to it, or more than can be shown", () => {
    for (const none of [null, undefined, [{ type: "table", spans: [] } as unknown as Block]]) {
      const { container } = render(<Said text="see https://a.example" rich={none} />);
      expect(container.textContent).toBe("see https://a.example");
      expect(container.querySelector("a")?.href).toBe("https://a.example/");
    }
  });

  it("links nowhere that does harm, whatever it is given", () => {
    const wrong: Block[] = [{ type: "paragraph", spans: [{ text: "x", link: "javascript:alert(1)" }] }];
    expect(render(<Said text="x" rich={wrong} />).container.querySelector("a")).toBeNull();
  });
});
