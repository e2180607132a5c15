// The desk: which field is looked at, what is said of it, and what the decision would be.
"use strict";

const form = document.getElementById("desk");
const pages = document.getElementById("pages");
const verdict = document.getElementById("verdict");
const help = document.getElementById("help");
const fields = form ? [...form.querySelectorAll(".field")] : [];
const asked = fields.filter((field) => field.hasAttribute("data-asked"));
const PREVIEW_AFTER = 120; // milliseconds without a change

let scale = 0; // CSS pixels a point
let sizes = [];
let leaving = false;

// ------------------------------------------------------------ the page

async function showPages() {
  const answer = await fetch(pages.dataset.source);
  if (!answer.ok) return;
  const found = await answer.json();
  sizes = found.pages;
  pages.replaceChildren();
  if (!sizes.length) {
    const none = document.createElement("p");
    none.textContent = pages.dataset.none;
    pages.append(none);
    return;
  }
  for (const page of sizes) pages.append(figureOf(page));
  scale = Math.max(0.4, (pages.clientWidth - 20) / sizes[0].width);
  resize();
  if (found.laid) mark(fields.find((field) => field.contains(document.activeElement)) || asked[0]);
}

function figureOf(page) {
  const figure = document.createElement("figure");
  figure.dataset.page = page.number;
  const image = document.createElement("img");
  image.src = `${pages.dataset.source}/${page.number}.png`;
  image.alt = pages.dataset.name.replace("#", page.number);
  figure.append(image);
  return figure;
}

function resize() {
  for (const page of sizes) {
    const figure = figureFor(page.number);
    figure.style.width = `${page.width * scale}px`;
    figure.style.height = `${page.height * scale}px`;
  }
}

function figureFor(number) {
  return pages.querySelector(`figure[data-page="${number}"]`);
}

function zoom(factor) {
  scale = Math.min(6, Math.max(0.3, scale * factor));
  resize();
  mark(current());
}

function mark(field) {
  pages.querySelectorAll(".marker").forEach((each) => each.remove());
  const figure = field && figureFor(field.dataset.page);
  if (!figure) return;
  const [left, top, right, bottom] = field.dataset.box.split(" ").map(Number);
  const marker = document.createElement("div");
  marker.className = "marker";
  Object.assign(marker.style, {
    left: `${left * scale - 4}px`, top: `${top * scale - 4}px`,
    width: `${(right - left) * scale + 8}px`, height: `${(bottom - top) * scale + 8}px`,
  });
  figure.append(marker);
  const middle = figure.offsetTop + ((top + bottom) / 2) * scale;
  pages.scrollTo({ top: middle - pages.clientHeight / 2, left: ((left + right) / 2) * scale - pages.clientWidth / 2 });
}

// ------------------------------------------------------------ the fields

const inputOf = (field) => field.querySelector("input[type=radio]:checked") || field.querySelector("[data-main]");
const againOf = (field) => field.querySelector("[data-again]");
const stateOf = (field) => field.querySelector("select");
const current = () => fields.find((field) => field.contains(document.activeElement));

function settle(field, action) {
  stateOf(field).value = action;
  field.toggleAttribute("data-settled", action !== "");
  foretell();
}

function move(from, step) {
  const next = asked[asked.indexOf(from) + step];
  if (next) {
    focusOn(next);
    return true;
  }
  return false;
}

function focusOn(field) {
  const input = inputOf(field);
  input.focus();
  if (input.select && input.type !== "radio") input.select();
}

function confirm(field) {
  const again = againOf(field);
  if (again && document.activeElement !== again && !again.value) {
    again.focus(); // the address is typed once more, the first one out of sight
    return;
  }
  const chosen = field.querySelector("input[type=radio]") ? field.querySelector("input[type=radio]:checked") : inputOf(field);
  settle(field, chosen && chosen.value.trim() ? "value" : "blank");
  if (!move(field, 1) && asked.includes(field)) document.getElementById("finish").focus();
}

function restore(field) {
  for (const input of field.querySelectorAll("input")) {
    if (input.type === "radio") input.checked = input.hasAttribute("data-read");
    else input.value = input.dataset.read || "";
  }
  settle(field, "");
}

function take(field, rank) {
  const button = field.querySelectorAll("[data-value]")[rank];
  if (!button) return;
  inputOf(field).value = button.dataset.value;
  inputOf(field).focus();
  settle(field, "");
}

function changed(field, target) {
  if (target.matches("select")) return settle(field, target.value);
  // What is changed is said: a person has typed it. An address in doubt waits for its second typing.
  const again = againOf(field);
  const done = target.value !== "" && (!again || again.value !== "");
  return settle(field, done ? "value" : "");
}

// ------------------------------------------------------------ the decision

let waiting = 0;
let round = 0;

function foretell() {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(ask, PREVIEW_AFTER);
}

async function ask() {
  const mine = ++round;
  const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
  if (mine !== round) return;
  if (!answer.ok) {
    // Not ours any more, or signed out: the page of the refusal says so.
    if (answer.status === 409 || answer.status === 401) document.body.dataset.lost = answer.status;
    return;
  }
  const found = await answer.json();
  const strong = verdict.querySelector("strong");
  strong.textContent = verdict.dataset[found.decision];
  strong.dataset.decision = found.decision;
  const lines = found.reasons.map((reason) => {
    const line = document.createElement("li");
    line.textContent = (reason.field ? `${reason.field[7]} · ` : "") + reason.message;
    return line;
  });
  verdict.querySelector("ul").replaceChildren(...lines);
}

// Sent without leaving the page: what is refused is said here, and nothing that was typed is lost.
async function send(button) {
  const sent = new FormData(form, button);
  const answer = await fetch(form.action, { method: "POST", body: sent });
  if (answer.ok && answer.redirected) {
    leaving = true;
    window.location.assign(answer.url);
    return;
  }
  const said = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".alert");
  const alert = document.getElementById("alert");
  alert.textContent = said ? said.textContent : answer.statusText;
  alert.hidden = false;
  alert.scrollIntoView({ block: "nearest" });
}

// ------------------------------------------------------------ the keys

function inField(event, field) {
  const target = event.target;
  if (event.key === "Enter" && !event.ctrlKey && target.matches("input")) {
    event.preventDefault();
    confirm(field);
  } else if (event.key === "Tab" && asked.includes(field) && target.matches("input") && !event.altKey && !event.ctrlKey) {
    const again = againOf(field);
    if (!event.shiftKey && again && target !== again) return;
    if (event.shiftKey && again && target === again) return;
    if (move(field, event.shiftKey ? -1 : 1)) event.preventDefault();
  } else if (event.key === "Escape") {
    restore(field);
    focusOn(field);
  } else if (event.altKey && /^Digit[1-3]$/.test(event.code)) {
    event.preventDefault();
    take(field, Number(event.code.slice(5)) - 1);
  } else if (event.altKey && (event.code === "KeyN" || event.code === "KeyI")) {
    event.preventDefault();
    settle(field, event.code === "KeyN" ? "blank" : "illegible");
    move(field, 1);
  }
}

document.addEventListener("keydown", (event) => {
  const writing = event.target.matches("input, textarea, select");
  const field = fields.find((each) => each.contains(event.target));
  if (event.key === "F1" || (event.key === "?" && !writing)) {
    event.preventDefault();
    help.showModal();
  } else if (event.key === "Enter" && event.ctrlKey && form) {
    event.preventDefault();
    const finish = document.getElementById("finish");
    if (finish) form.requestSubmit(finish);
  } else if ((event.key === "+" || event.key === "=" || event.key === "-") && (event.altKey || !writing) && !event.ctrlKey) {
    event.preventDefault();
    zoom(event.key === "-" ? 1 / 1.25 : 1.25);
  } else if (field) {
    inField(event, field);
  }
});

document.getElementById("zoom-in").addEventListener("click", () => zoom(1.25));
document.getElementById("zoom-out").addEventListener("click", () => zoom(1 / 1.25));
document.getElementById("help-open").addEventListener("click", () => help.showModal());

for (const field of fields) {
  field.addEventListener("focusin", () => mark(field));
  field.addEventListener("input", (event) => changed(field, event.target));
  field.querySelectorAll("[data-value]").forEach((button, rank) => button.addEventListener("click", () => take(field, rank)));
  const again = againOf(field);
  if (again) {
    again.addEventListener("paste", (event) => event.preventDefault());
    again.addEventListener("focus", () => inputOf(field).classList.add("secret"));
  }
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.submitter);
  });
  document.querySelectorAll("form:not(#desk)").forEach((each) => each.addEventListener("submit", () => { leaving = true; }));
  // Whoever goes away without finishing leaves it to others.
  window.addEventListener("pagehide", (event) => {
    if (!leaving && !event.persisted) navigator.sendBeacon(form.dataset.leave, new FormData(form));
  });
  if (asked.length) focusOn(asked[0]);
}
showPages();
