// The output of a task: a ring of lines in the document. What a task printed is text: it is only ever put into text nodes.

const MAX_LINES = 5000;
const views = new WeakMap();

class LogBox {
  constructor(root) {
    this.root = root;
    this.box = root.querySelector("[data-log]");
    this.open = null;
    this.needle = "";
    this.hits = [];
    this.current = -1;
    this.follows = true;
    this.counter = root.querySelector("[data-log-hits]");
    this.search = root.querySelector("[data-log-search]");
    this.toEnd = root.querySelector("[data-log-end]");
    this.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.search.addEventListener("input", () => this.find(this.search.value));
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        this.go(event.shiftKey ? -1 : 1);
      }
    });
    root.querySelector("[data-log-next]").addEventListener("click", () => this.go(1));
    root.querySelector("[data-log-previous]").addEventListener("click", () => this.go(-1));
    this.toEnd.addEventListener("click", () => this.end());
    this.find(this.search.value);
  }

  scrolled() {
    const gap = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight;
    this.follows = gap < 24;
    this.toEnd.hidden = this.follows;
  }

  end() {
    this.box.scrollTop = this.box.scrollHeight;
    this.follows = true;
    this.toEnd.hidden = true;
  }

  line(text, kind) {
    const line = document.createElement("div");
    line.className = kind ? `log-line ${kind}` : "log-line";
    this.write(line, text);
    return line;
  }

  // The text, with marks around what is searched for.
  write(line, text) {
    line.text = text;
    const needle = this.needle;
    const lower = needle ? text.toLowerCase() : "";
    let at = needle ? lower.indexOf(needle) : -1;
    if (at < 0 || lower.length !== text.length) {
      line.textContent = text.length > 0 ? text : "\u200b";
      return;
    }
    const parts = [];
    let from = 0;
    while (at >= 0) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(at, at + needle.length);
      parts.push(text.slice(from, at), mark);
      from = at + needle.length;
      at = lower.indexOf(needle, from);
    }
    line.replaceChildren(...parts, text.slice(from));
  }

  append(lines, open, marker, clear) {
    if (clear) {
      this.box.replaceChildren();
      this.open = null;
    }
    const fresh = document.createDocumentFragment();
    if (marker) {
      fresh.append(this.line(marker, "marker"));
    }
    for (const text of lines.slice(-MAX_LINES)) {
      fresh.append(this.line(text));
    }
    this.open?.remove();
    this.open = null;
    if (open.length > 0) {
      this.open = this.line(open);
      fresh.append(this.open);
    }
    this.box.append(fresh);
    let cut = 0;
    while (this.box.childElementCount > MAX_LINES) {
      // Somebody reads further up: what they look at must not move.
      cut += this.follows ? 0 : this.box.firstElementChild.offsetHeight;
      this.box.firstElementChild.remove();
    }
    if (this.follows) {
      this.box.scrollTop = this.box.scrollHeight;
    } else if (cut > 0) {
      this.box.scrollTop -= cut;
    }
    this.count();
  }

  prepend(lines) {
    const before = this.box.scrollHeight;
    const fresh = document.createDocumentFragment();
    for (const text of lines) {
      fresh.append(this.line(text));
    }
    this.box.prepend(fresh);
    while (this.box.childElementCount > MAX_LINES) {
      this.box.lastElementChild.remove();
      this.open = null;
    }
    this.follows = false;
    this.box.scrollTop += this.box.scrollHeight - before;
    this.scrolled();
    this.count();
  }

  find(text) {
    this.needle = text.toLowerCase();
    this.current = -1;
    for (const line of this.box.children) {
      this.write(line, line.text ?? line.textContent);
    }
    this.count();
    if (this.needle) {
      this.go(-1);
    }
  }

  count() {
    this.hits = this.needle ? [...this.box.getElementsByTagName("mark")] : [];
    this.counter.textContent = !this.needle ? "" : this.hits.length === 0 ? "none" : `${Math.max(0, this.current) + 1} of ${this.hits.length}`;
  }

  go(step) {
    if (this.hits.length === 0) {
      return;
    }
    this.hits[this.current]?.classList.remove("current");
    this.current = this.current < 0 ? (step < 0 ? this.hits.length - 1 : 0) : (this.current + step + this.hits.length) % this.hits.length;
    const hit = this.hits[this.current];
    hit.classList.add("current");
    hit.scrollIntoView({ block: "center" });
    this.count();
  }
}

// A root that is null went with its page while the call was on its way.
export function init(root) {
  if (root) {
    views.set(root, new LogBox(root));
  }
}

export function append(root, lines, open, marker, clear) {
  if (root) {
    views.get(root)?.append(lines, open, marker, clear);
  }
}

export function prepend(root, lines) {
  if (root) {
    views.get(root)?.prepend(lines);
  }
}
