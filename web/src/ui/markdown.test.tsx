import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { parseMarkdown, plainText, safeAddress } from "@/lib/markdown";
import { Markdown } from "./Markdown";

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '<a href="javascript:alert(1)">x</a>',
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\tscript:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](vbscript:msgbox(1))",
  "[x](//evil.example)",
  "[<img src=x onerror=alert(1)>](https://example.com)",
  "![x](javascript:alert(1))",
  "**<svg onload=alert(1)>**",
  "> <iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "```\n<script>alert(1)</script>\n```",
  "# <style>*{display:none}</style>",
  "- <math><mtext></style><img src=x onerror=alert(1)>",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  'https://example.com/"onmouseover=alert(1)',
];

describe("Markdown", () => {
  it.each(HOSTILE)("makes nothing of %s but text and links to the web", (text) => {
    const { container } = render(<Markdown text={text} />);
    expect(container.querySelector("script, img, iframe, svg, style, math, object, embed")).toBeNull();
    for (const element of container.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on|^srcdoc|^style/);
        if (name === "href") expect(value).toMatch(/^(https?|mailto):/);
      }
    }
  });

  it("shows headings, emphasis, lists, quotes, code and links", () => {
    const { container } = render(
      <Markdown
        text={
          "# 标题\n第一行\n**粗** *斜* `码`\n\n- 一\n- 二\n\n1. 甲\n\n> 引\n\n[网页](https://example.com/a)\n\n---\n```\nx < y\n```"
        }
      />,
    );
    expect(container.querySelector("h3")?.textContent).toBe("标题");
    expect(container.querySelector("strong")?.textContent).toBe("粗");
    expect(container.querySelector("em")?.textContent).toBe("斜");
    expect(container.querySelectorAll("ul li")).toHaveLength(2);
    expect(container.querySelectorAll("ol li")).toHaveLength(1);
    expect(container.querySelector("blockquote")?.textContent).toBe("引");
    expect(container.querySelector("a")?.getAttribute("href")).toBe("https://example.com/a");
    expect(container.querySelector("pre")?.textContent).toBe("x < y");
    expect(container.querySelector("hr")).not.toBeNull();
  });

  it("ends for every text, also an unclosed or deeply nested one", () => {
    for (const text of ["```", "**", ">".repeat(200), "[", "*".repeat(500), "`".repeat(3), "#"]) {
      expect(() => parseMarkdown(text)).not.toThrow();
    }
  });

  it("gives the words alone for a bar", () => {
    expect(plainText("# 标题\n**今晚** [维护](https://example.com)")).toBe("标题 今晚 维护");
  });

  it.each(["javascript:x", "data:x", "/admin", "relative"])("lets no link lead to %s", (address) => {
    expect(safeAddress(address)).toBeUndefined();
  });
});
