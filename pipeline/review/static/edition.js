// The editor of an edition: its boxes over the blank, moved by mouse or by arrows, and checked as they change.
"use strict";

const form = document.getElementById("edition");
const pages = document.getElementById("pages");
const spec = JSON.parse(form.dataset.spec);
const byId = (id) => document.getElementById(id);
const EDGES = ["left", "top", "right", "bottom"];
const CHECK_AFTER = 250; // milliseconds without a change
const LEAST = 4; // points: no box is smaller
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

let chosen = 0;
let waiting = 0;
let round = 0;

const round1 = (value) => Math.round(value * 10) / 10;
const figureOf = (page) => pages.querySelector(`figure[data-page="${page}"]`);
const scaleOf = (figure) => figure.clientWidth / Number(figure.dataset.width);

// ------------------------------------------------------------ boxes

function layOut() {
  for (const figure of pages.querySelectorAll("figure")) {
    figure.style.width = `${Math.max(320, pages.clientWidth - 20)}px`;
    figure.style.height = `${figure.clientWidth * Number(figure.dataset.height) / Number(figure.dataset.width)}px`;
  }
}

function draw() {
  pages.querySelectorAll(".box").forEach((each) => each.remove());
  spec.field.forEach((field, rank) => {
    const figure = figureOf(field.page);
    if (!figure) return;
    const box = document.createElement("button");
    box.type = "button";
    box.className = "box";
    box.dataset.rank = rank;
    box.toggleAttribute("data-chosen", rank === chosen);
    box.toggleAttribute("data-unsure", Boolean(field.unsure));
    box.setAttribute("aria-label", `${field.key} – ${field.label.fr}`);
    box.setAttribute("aria-pressed", rank === chosen);
    box.textContent = field.key.replace("section", "");
    figure.append(box);
    place(box, field);
    const handle = document.createElement("span");
    handle.className = "handle";
    box.append(handle);
  });
}

function place(box, field) {
  const scale = scaleOf(figureOf(field.page));
  const [left, top, right, bottom] = field.box;
  Object.assign(box.style, {
    left: `${left * scale}px`, top: `${top * scale}px`,
    width: `${(right - left) * scale}px`, height: `${(bottom - top) * scale}px`,
  });
}

const boxOf = (rank) => pages.querySelector(`.box[data-rank="${rank}"]`);

// What lies in a field goes with it.
function shift(field, dx, dy) {
  const move = (box) => [round1(box[0] + dx), round1(box[1] + dy), round1(box[2] + dx), round1(box[3] + dy)];
  field.box = move(field.box);
  for (const part of [...field.comb, ...field.option]) part.box = move(part.box);
}

function stretch(field, dx, dy) {
  const [left, top, right, bottom] = field.box;
  field.box = [left, top, Math.max(left + LEAST, round1(right + dx)), Math.max(top + LEAST, round1(bottom + dy))];
  if (field.comb.length === 1) field.comb[0].box = [...field.box];
}

function grab(event) {
  const box = event.target.closest(".box");
  if (!box) return;
  event.preventDefault();
  choose(Number(box.dataset.rank));
  const grabbed = boxOf(chosen);
  grabbed.focus();
  const field = spec.field[chosen];
  const stretching = event.target.classList.contains("handle");
  const before = structuredClone(field);
  const scale = scaleOf(figureOf(field.page));
  const follow = (moved) => {
    Object.assign(field, structuredClone(before));
    const [dx, dy] = [round1((moved.clientX - event.clientX) / scale), round1((moved.clientY - event.clientY) / scale)];
    (stretching ? stretch : shift)(field, dx, dy);
    place(grabbed, field);
    fillBox();
  };
  const let_go = () => {
    window.removeEventListener("pointermove", follow);
    changed();
  };
  window.addEventListener("pointermove", follow);
  window.addEventListener("pointerup", let_go, { once: true });
}

// ------------------------------------------------------------ the panel

function choose(rank) {
  chosen = rank;
  draw();
  fill();
}

function fill() {
  const list = byId("chosen");
  list.replaceChildren(...spec.field.map((field, rank) => new Option(field.key + (field.unsure ? " ?" : ""), rank, false, rank === chosen)));
  const field = spec.field[chosen];
  byId("panel").hidden = !field;
  byId("settle-all").hidden = !(spec.unsure || []).length;
  if (!field) return;
  byId("panel-title").textContent = field.key;
  byId("unsure").hidden = !field.unsure;
  byId("unsure-why").textContent = field.unsure || "";
  for (const name of ["key", "kind", "layout", "page"]) byId(name).value = field[name];
  byId("label-fr").value = field.label.fr;
  byId("label-en").value = field.label.en;
  byId("required").checked = field.required;
  fillBox();
}

function fillBox() {
  EDGES.forEach((edge, rank) => { byId(edge).value = round1(spec.field[chosen].box[rank]); });
}

function take() {
  const field = spec.field[chosen];
  for (const name of ["key", "kind", "layout"]) field[name] = byId(name).value;
  field.page = Number(byId("page").value);
  field.label = { fr: byId("label-fr").value, en: byId("label-en").value };
  field.required = byId("required").checked;
  field.box = EDGES.map((edge) => Number(byId(edge).value));
  if (field.layout !== "comb") field.comb = [];
  else if (!field.comb.length) field.comb = [{ box: [...field.box], count: 6 }];
  if (field.kind !== "choice") field.option = [];
  draw();
  changed();
}

function add() {
  const used = new Set(spec.field.map((field) => field.key));
  const key = [...byId("key").options].map((option) => option.value).find((value) => !used.has(value));
  if (!key) return;
  spec.field.push({
    key, kind: "text", page: 1, required: true, label: { fr: key, en: key }, layout: "cell",
    box: [40, 40, 200, 60], comb: [], option: [], widget: null, unsure: "",
  });
  choose(spec.field.length - 1);
  changed();
  boxOf(chosen).focus();
}

// ------------------------------------------------------------ the check

function changed() {
  byId("spec").value = JSON.stringify(spec);
  window.clearTimeout(waiting);
  waiting = window.setTimeout(check, CHECK_AFTER);
}

async function check() {
  const mine = ++round;
  const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form) });
  if (mine !== round || !answer.ok) return;
  const faults = (await answer.json()).faults;
  const lines = (faults.length ? faults : [form.dataset.sound]).map((text) => {
    const line = document.createElement("li");
    line.textContent = text;
    return line;
  });
  byId("faults").replaceChildren(...lines);
  byId("faults").dataset.count = faults.length;
}

document.addEventListener("keydown", (event) => {
  const box = event.target.closest && event.target.closest(".box");
  const arrow = ARROWS[event.key];
  if (!box || !arrow) return;
  event.preventDefault();
  if (Number(box.dataset.rank) !== chosen) choose(Number(box.dataset.rank));
  const field = spec.field[chosen];
  (event.shiftKey ? stretch : shift)(field, ...arrow);
  place(boxOf(chosen), field);
  boxOf(chosen).focus();
  fillBox();
  changed();
});

pages.addEventListener("pointerdown", grab);
pages.addEventListener("focusin", (event) => {
  const box = event.target.closest(".box");
  if (box && Number(box.dataset.rank) !== chosen) {
    const rank = Number(box.dataset.rank);
    choose(rank);
    boxOf(rank).focus();
  }
});
byId("chosen").addEventListener("change", (event) => choose(Number(event.target.value)));
byId("panel").addEventListener("change", take);
byId("add").addEventListener("click", add);
byId("remove").addEventListener("click", () => { spec.field.splice(chosen, 1); choose(0); changed(); });
byId("settle").addEventListener("click", () => { spec.field[chosen].unsure = ""; draw(); fill(); changed(); });
byId("settle-all").addEventListener("click", () => { spec.unsure = []; fill(); changed(); });
window.addEventListener("resize", () => { layOut(); draw(); });

layOut();
choose(0);
changed();
