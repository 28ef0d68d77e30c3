// What a reader's eye would measure on a page; `test_page.py` asks one question at a time.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const box = (e) => e.getBoundingClientRect();
const style = (e, name) => getComputedStyle(e)[name];
const called = (e) => `${e.tagName}.${e.getAttribute("class")} ${e.textContent.slice(0, 40)}`;
const wait = (time) => new Promise((done) => setTimeout(done, time));
const fold = (open) => all("details").forEach((e) => { e.open = open; });
// Firefox takes a formula with sums for a little narrower than it is; no shadow is seen so near.
const SLACK = 8;
const reasoned = (line) => line.querySelector(":scope > .why > .reason")?.textContent;
const below = (line) => box(line.querySelector(":scope > .why")).top
  > box(line.querySelector(":scope > .relation")).bottom - 4;
const shown = (e) => e.getClientRects().length > 0;

const scrolls = (e) => {
  for (let p = e.parentElement; p; p = p.parentElement)
    if (style(p, "overflowX") === "auto") return true;
  return false;
};

const rgb = (() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  return (colour) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    return [...brush.getImageData(0, 0, 1, 1).data];
  };
})();

const luminance = (colour) => {
  const [r, g, b] = colour
    .map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const behind = (e) => {
  for (let p = e; p; p = p.parentElement) {
    const colour = rgb(style(p, "backgroundColor"));
    if (colour[3] === 255) return colour;
  }
  return [255, 255, 255, 255];
};

globalThis.look = {
  fold,

  widths: () => [document.documentElement.scrollWidth, innerWidth],

  size: () => [innerWidth, document.documentElement.scrollHeight],

  cut: () => {
    const wide = (e) => e.clientWidth && e.scrollWidth > e.clientWidth + 1;
    const high = (e) => e.scrollHeight > e.clientHeight + 1;
    const cuts = (e, way) => ["hidden", "clip"].includes(style(e, way));
    return all("body :not(math, math *, svg, svg *, .skip, script)").filter((e) =>
      ((wide(e) && cuts(e, "overflowX")) || (high(e) && cuts(e, "overflowY"))) && shown(e),
    ).map(called);
  },

  outside: () => all("main *, header *, nav *").filter((e) => {
    const { width, left, right } = box(e);
    return width && (right > innerWidth + 0.5 || left < -0.5) && !scrolls(e);
  }).map(called),

  columns: () => all(".lines").map((lines) =>
    all(":scope > .line > .relation math", lines).map((e) => box(e).left)),

  overlaps: () => {
    const seen = (e) => e.checkVisibility({ contentVisibilityAuto: true });
    const ink = (e) => {
      const { left, right, top, bottom } = box(e);
      const area = box(e.parentElement);
      return {
        left: Math.max(left, area.left), right: Math.min(right, area.right),
        top: Math.max(top, area.top), bottom: Math.min(bottom, area.bottom),
      };
    };
    const over = (a, b) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    return all(".lines > .line").filter(seen).flatMap((line) => {
      const next = line.nextElementSibling;
      const maths = [line, next].filter(Boolean).flatMap((e) =>
        all(":scope > .left math, :scope > .right math", e)).map(ink);
      return all(":scope > .finer > summary, :scope > .why > .evidence > summary", line)
        .filter((e) => maths.some((m) => over(box(e), m)))
        .map((e) => `${line.id}: ${e.textContent}`);
    });
  },

  faults: () => {
    const found = [];
    for (const open of [false, true]) {
      fold(open);
      const say = (kind, what) => found.push(`${open ? "unfolded" : "folded"}, ${kind}: ${what}`);
      const [wide, room] = look.widths();
      if (wide > room) say("wider than the window", `${wide} > ${room}`);
      look.outside().forEach((e) => say("outside of the window", e));
      look.cut().forEach((e) => say("cut", e));
      look.overlaps().forEach((e) => say("printed over a formula", e));
      look.crowded().forEach((e) => say("crowded by its reason", e));
      look.zigzags().forEach((e) => say("some reasons beside, some below", e));
      look.parted().forEach((e) => say("parted from a formula", e));
      look.torn().forEach((e) => say("goes on in a further line", e));
      for (const lines of all(".lines")) {
        const column = all(":scope > .line > .relation math", lines).filter(shown)
          .map((e) => box(e).left);
        if (Math.max(...column) - Math.min(...column) > 1)
          say("signs of equality apart", called(lines));
      }
    }
    const scrolls = look.hidden().filter(([more]) => more > SLACK).length;
    return { found, scrolls, lines: all(".line").length };
  },

  baselines: () => all(".line:not(.wide-left)").flatMap((line) => {
    const fraction = line.querySelector(":scope > .left mfrac");
    if (!fraction) return [];
    const sign = box(line.querySelector(":scope > .relation mo"));
    const bar = (box(fraction.firstElementChild).bottom + box(fraction.lastElementChild).top) / 2;
    return [Math.abs((sign.top + sign.bottom) / 2 - bar)];
  }),

  below: () => all(".line").filter(reasoned).map(below),

  zigzags: () => all(".lines").filter((lines) =>
    new Set(all(":scope > .line", lines).filter(shown).filter(reasoned).map(below)).size > 1,
  ).map(called),

  // How far each right side is wider than its place, and whether a shadow tells.
  hidden: () => all(".line > .right, .line > .left, .display > .formula").filter(shown).map((e) =>
    [e.scrollWidth - e.clientWidth, style(e, "backgroundImage").includes("gradient")]),

  // Makes what scrolls invisible, with its shadow; says how much that is.
  hideWhatScrolls: () => all("*")
    .filter((e) => style(e, "overflowX") === "auto" && e.scrollWidth > e.clientWidth)
    .map((e) => {
      e.style.visibility = "hidden";
      e.style.setProperty("overflow", "auto", "important");
    }).length,

  // Lines whose reason stands beside them although the formula goes on below, or is cut.
  crowded: () => all(".line").filter((line) => {
    const [right, why] = [".right", ".why"].map((kind) => line.querySelector(`:scope > ${kind}`));
    const beside = box(why).top < box(line.querySelector(":scope > .relation")).bottom - 4;
    const [first, ...more] = all("math", right).filter(shown).map(box);
    const goesOn = more.some((part) => part.top > first.bottom);
    const cut = right.scrollWidth > right.clientWidth + SLACK;
    return why.querySelector(".reason")?.textContent && beside && (goesOn || cut);
  }).map(called),

  // Formulas of a text from which a browser has parted what touches them.
  parted: () => all("p math, .reason math, li math, figcaption math, summary math, td math, dd math").flatMap((e) => {
    const at = (node, where) => {
      const range = document.createRange();
      range.setStart(node, where);
      range.setEnd(node, where + 1);
      return range.getBoundingClientRect();
    };
    const level = (glyph) => glyph.bottom > box(e).top && glyph.top < box(e).bottom;
    const before = e.previousSibling, after = e.nextSibling;
    const faults = [];
    if (before?.data && /[^ \n]$/.test(before.data) && !level(at(before, before.data.length - 1)))
      faults.push(`${before.data.slice(-9)}|`);
    if (after?.data && /^[^ \n]/.test(after.data) && !level(at(after, 0)))
      faults.push(`|${after.data.slice(0, 9)}`);
    return faults;
  }),

  // Short equations in words, and Korean words with a hyphen, within which a line ends.
  torn: () => {
    const faults = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const parent = node.parentElement;
      if (parent.closest("math, svg, script, pre, .parts") || !parent.checkVisibility()) continue;
      for (const found of node.data.matchAll(/\S\s[=×]\s\S|[가-힣]-\u2060?[가-힣]/g)) {
        const at = (offset) => {
          const range = document.createRange();
          range.setStart(node, found.index + offset);
          range.setEnd(node, found.index + offset + 1);
          return range.getBoundingClientRect();
        };
        const [first, last] = [at(0), at(found[0].length - 1)];
        if (last.top > first.top + 8) faults.push(found[0]);
      }
    }
    return faults;
  },

  // How each drawing is scaled down, how far the page is from holding it, and what tells that it goes on.
  scales: () => all(".drawn").map((card) => {
    const svg = card.querySelector("svg");
    const [, , wide] = svg.getAttribute("viewBox").split(" ").map(Number);
    return [box(svg).width / (wide * 96 / 72), card.scrollWidth - card.clientWidth,
      card.tabIndex === 0 && style(card, "backgroundImage").includes("gradient")];
  }),

  // Of each table: how many lines its caption has, how wide it is, how wide the text may be, and
  // by how much the columns are wider than without it.
  captions: () => all(".table").filter((e) => e.querySelector("caption")).map((outer) => {
    const table = outer.querySelector("table"), caption = outer.querySelector("caption");
    const range = document.createRange();
    range.selectNodeContents(caption);
    const lines = new Set([...range.getClientRects()].map((r) => Math.round(r.bottom / 8))).size;
    const wide = box(caption).width, room = outer.clientWidth, columns = box(table.tBodies[0]).width;
    caption.style.display = "none";
    const alone = box(table.tBodies[0]).width;
    caption.style.display = "";
    return { lines, wide, room, more: columns - alone };
  }),

  marks: () => all(".here").map((e) => [!!e.closest(".where"), shown(e) && Number(style(e, "opacity"))]),

  ground: () => all(".drawn").map((card) => luminance(behind(card))),

  // Of what is drawn in its own colours on the page: the least contrast with what is behind it.
  drawn: () => all(".drawn svg").flatMap((svg) => all("[class]", svg).flatMap((e) =>
    ["fill", "stroke"].flatMap((kind) => {
      const role = [...e.classList].find((name) => name.startsWith(`${kind}-`))?.slice(kind.length + 1);
      if (!role || ["paper", "kept", "common", "faint"].includes(role)) return [];
      const [a, b] = [luminance(rgb(style(e, kind))), luminance(behind(svg))];
      return [[role, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]];
    }))),

  // Number pairs that belong on one sheet of paper: a formula and its reason, a heading and what follows.
  mark: () => {
    let count = 1000;
    const mark = (...pair) => {
      count += 1;
      for (const e of pair) e.append(` Z${count}Q `);
    };
    for (const line of all(".line")) {
      const [right, why] = [".right", ".why"].map((kind) => line.querySelector(`:scope > ${kind}`));
      if (why.querySelector(".reason")?.textContent) mark(right, why);
    }
    for (const heading of all("h2, h3, .head")) {
      const next = all("p, .line > .right, .display, td, dt, li, h3, .head").find((e) =>
        heading.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING && !heading.contains(e));
      if (next) mark(heading, next);
    }
    return count - 1000;
  },

  fonts: () => [...document.fonts].map((f) => [f.family.replaceAll('"', ""), f.status]),

  fetched: () => performance.getEntriesByType("resource").map((e) => e.name.slice(0, 5)),

  contrasts: () => {
    const worst = {};
    for (const e of all("body *")) {
      const text = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
      if (!text || !shown(e) || e.closest("svg, script, annotation")) continue;
      const [a, b] = [luminance(rgb(style(e, "color"))), luminance(behind(e))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const kind = `${e.tagName} in ${e.closest("[class]")?.getAttribute("class")}`;
      worst[kind] = Math.min(worst[kind] ?? 99, ratio);
    }
    return worst;
  },

  dim: (least) =>
    Object.fromEntries(Object.entries(look.contrasts()).filter(([, ratio]) => ratio < least)),

  paper: () => luminance(rgb(style(document.body, "backgroundColor"))),

  brackets: () => {
    const display = all(".display")[1];
    const signs = all("mo", display).filter((e) => "()".includes(e.textContent));
    return [signs[0], display.querySelector("mtable"), signs[2]].map((e) => box(e).height);
  },

  // The height of the root of a letter, and how much wider it is than the letter, in em.
  root: () => {
    const made = (name, within) =>
      within.appendChild(document.createElementNS("http://www.w3.org/1998/Math/MathML", name));
    const math = made("math", document.querySelector("main"));
    const root = made("msqrt", math);
    const letter = made("mi", root);
    letter.textContent = "p";
    const em = parseFloat(getComputedStyle(math).fontSize);
    const found = [box(root).height / em, (box(root).width - box(letter).width) / em];
    math.remove();
    return found;
  },

  sumsInBrackets: () => all("mrow").flatMap((row) => {
    const [open, inside] = row.children;
    const sum = inside?.querySelector(":scope > munderover");
    if (open?.localName !== "mo" || !"[(".includes(open.textContent) || !sum) return [];
    return [box(sum).height / box(open).height];
  }),

  // Brackets and the heights of their halves, wherever a line was broken between them.
  halves: () => all(".left, .right, .formula, .law").filter(shown).flatMap((e) => {
    const kinds = { "(": ")", "[": "]", "{": "}", "⌊": "⌋", "⌈": "⌉", "⟨": "⟩" };
    const open = [];
    return all("mo", e).filter(shown).flatMap((mo) => {
      if (mo.textContent in kinds) open.push(mo);
      if (kinds[open.at(-1)?.textContent] !== mo.textContent) return [];
      const half = open.pop();
      return [[box(half).height, box(mo).height, called(e)]];
    });
  }),

  // Where a formula goes on in a further line: how far apart the ink of both lines is.
  rowGaps: () => all(".parts").filter(shown).flatMap((e) => {
    const ink = all("math", e).map((part) => all("mi, mn, mo, mtext", part).map(box));
    return ink.slice(1).flatMap((below, at) => {
      const above = ink[at];
      if (box(all("math", e)[at + 1]).left > box(all("math", e)[at]).right - 1) return [];
      const gaps = below.flatMap((b) => above.filter((a) => a.left < b.right && b.left < a.right)
        .map((a) => b.top - a.bottom));
      return gaps.length ? [[Math.min(...gaps), called(e)]] : [];
    });
  }),

  // How far below a left side that stands alone its sign of equality is, and how much of it is cut.
  leftsAlone: () => all(".long-left").filter(shown).map((line) => {
    const [left, relation] = [".left", ".relation"].map((kind) => line.querySelector(`:scope > ${kind}`));
    return [box(relation.querySelector("mo")).top - box(all("math", left).at(-1)).bottom,
      left.scrollWidth - left.clientWidth];
  }),

  focus: (kind) => {
    const summary = document.querySelector(`.${kind} > summary`);
    summary.focus();
    return summary.parentElement.open;
  },

  focused: () => [document.activeElement.className, document.activeElement.parentElement.open],

  unreachable: () => all("a[href], summary, pre, button").filter((e) => e.tabIndex < 0).map(called),

  follow: async (href) => {
    document.querySelector(`.why a[href="${href}"]`).click();
    await wait(200);
    const place = document.querySelector(href);
    return [place.open, box(place).top, innerHeight];
  },

  copied: async () => {
    let text = "";
    const clipboard = { writeText: async (written) => { text = written; } };
    Object.defineProperty(navigator, "clipboard", { value: clipboard });
    const button = document.querySelector(".part.derivation > .copy");
    button.click();
    await wait(100);
    return [text, button.textContent];
  },
};
