// What the console does in the browser without a round trip: theme, keys, copying, relative times, dialogs, connection state.

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

// --- theme: the system's choice, or the one that was made here
function setTheme(choice) {
  if (choice === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem("orchestrator.theme");
  } else {
    document.documentElement.dataset.theme = choice;
    localStorage.setItem("orchestrator.theme", choice);
  }
  document.dispatchEvent(new CustomEvent("themechange"));
}

function toggleTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  // Back on what the system wants anyway: follow it again.
  setTheme(next === (dark ? "dark" : "light") ? "system" : next);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("themechange")));

// --- help
function openHelp() {
  const help = document.getElementById("help");
  if (help && !help.open) {
    help.showModal();
  }
}

// --- copying
async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Without a secure context there is no clipboard: the old way.
    const field = document.createElement("textarea");
    field.value = button.dataset.copy;
    (button.closest("dialog") ?? document.body).append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1200);
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-theme-toggle], [data-open-help], [data-copy]");
  if (!target) {
    return;
  }
  if (target.dataset.copy !== undefined) {
    event.preventDefault();
    copy(target);
  } else if (target.dataset.openHelp !== undefined) {
    openHelp();
  } else {
    toggleTheme();
  }
});

// --- keys: an element with data-keys="g a" is pressed by these keys, one with "e, g e" by either; "mod+enter" also works inside fields
let prefix = "";
let prefixTimer = 0;

function press(keys) {
  const scope = document.querySelector("dialog[open]") ?? document;
  const element = [...scope.querySelectorAll("[data-keys]")].find((candidate) => !candidate.disabled && candidate.dataset.keys.split(", ").includes(keys));
  element?.click();
  return element !== undefined;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (press("mod+enter")) {
      event.preventDefault();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
    return;
  }
  if (typing(event.target)) {
    if (event.key === "Escape" && event.target.matches("[data-search]")) {
      event.target.blur();
    }
    return;
  }
  if (document.querySelector("dialog[open]")) {
    return;
  }
  const keys = prefix ? `${prefix} ${event.key}` : event.key;
  clearTimeout(prefixTimer);
  prefix = "";
  if (keys === "g") {
    prefix = "g";
    prefixTimer = setTimeout(() => { prefix = ""; }, 1000);
  } else if (keys === "?") {
    openHelp();
  } else if (keys === "t") {
    toggleTheme();
  } else if (keys === "/" || keys === "s") {
    const search = document.querySelector("[data-search]");
    if (!search) {
      return;
    }
    search.focus();
    search.select();
  } else if (!/^(g \S|[a-zA-Z])$/.test(keys) || !press(keys)) {
    return;
  }
  event.preventDefault();
});

// --- relative times: counted from the host's clock, written into the text node that Blazor made
const serverTime = Number(document.querySelector('meta[name="server-time"]')?.content ?? Date.now());
const skew = serverTime - Date.now();

function age(milliseconds) {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const text = seconds < 1 ? "now"
    : seconds < 60 ? `${seconds} s`
    : seconds < 3600 ? `${Math.floor(seconds / 60)} min`
    : seconds < 86400 ? `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
    : `${Math.floor(seconds / 86400)} d`;
  return text === "now" ? text : milliseconds < -1500 ? `in ${text}` : `${text} ago`;
}

function write(element) {
  const text = age(Date.now() + skew - Date.parse(element.dateTime));
  if (element.firstChild && element.firstChild.nodeValue !== text) {
    element.firstChild.nodeValue = text;
  }
}

const writeAll = (root) => root.querySelectorAll("time.relative").forEach(write);

new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") {
      write(change.target);
    }
    for (const node of change.addedNodes) {
      if (node.nodeType === Node.ELEMENT_NODE) {
        node.matches("time.relative") ? write(node) : writeAll(node);
      }
    }
  }
}).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["datetime"] });
setInterval(() => writeAll(document), 1000);
writeAll(document);

// --- dialogs: open as soon as they are in the page; what closes them in the browser presses their cross, which decides
customElements.define("modal-host", class extends HTMLElement {
  connectedCallback() {
    // Blazor may still be putting the children in.
    queueMicrotask(() => {
      const dialog = this.querySelector("dialog");
      if (!dialog || dialog.open || !this.isConnected) {
        return;
      }
      const leave = (event) => {
        event.preventDefault();
        if (this.isConnected) {
          dialog.querySelector("[data-close]").click();
        }
      };
      dialog.addEventListener("cancel", leave);
      dialog.addEventListener("close", leave);
      dialog.showModal();
    });
  }
});

// --- menus of rows (popovers): beside the button that opened them, above it where there is no room below
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (event.newState !== "open" || !menu.matches?.(".menu-items[popover]")) {
    return;
  }
  const button = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
  const below = button.bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.top = `${below ? button.bottom + 4 : Math.max(4, button.top - menu.offsetHeight - 4)}px`;
  menu.style.left = `${Math.max(4, button.right - menu.offsetWidth)}px`;
}, true);

document.addEventListener("click", (event) => {
  const menu = event.target.closest("button, a")?.closest(".menu-items[popover]");
  menu?.hidePopover();
});

addEventListener("scroll", () => document.querySelector(".menu-items:popover-open")?.hidePopover(), { passive: true });

// --- menus (details elements) close when something else is pressed
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest("button, a")) {
      menu.open = false;
    }
  }
});

// --- connection: the sidebar says so, and a host that forgot this circuit (it restarted) gets the page anew
const reconnect = document.getElementById("components-reconnect-modal");
let waiting = false;

async function reloadWhenBack() {
  if (waiting) {
    return;
  }
  waiting = true;
  for (;;) {
    try {
      if ((await fetch("/health", { cache: "no-store" })).ok) {
        location.reload();
        return;
      }
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => { setTimeout(resolve, 1000); });
  }
}

if (reconnect) {
  new MutationObserver(() => {
    const classes = reconnect.classList;
    const rejected = classes.contains("components-reconnect-rejected") || classes.contains("components-reconnect-failed");
    document.body.classList.toggle("link-lost", rejected || classes.contains("components-reconnect-show"));
    if (rejected) {
      reloadWhenBack();
    }
  }).observe(reconnect, { attributes: true, attributeFilter: ["class"] });
}
