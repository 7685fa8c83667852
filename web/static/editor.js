// 編集を楽にするもの: what is typed is saved by itself, and kept in this browser until it is. Without scripts the
// button saves. Nothing is decided here: what collides is shown by the server.

const form = document.querySelector("form[data-editor]");
const saying = document.getElementById("saving");
const key = `minaoshi ${form.dataset.editor}`;
const SOON = 1500;
const AGAIN = [2000, 5000, 15000, 30000];
let waiting = 0;
let tries = 0;
let sending = false;
let stopped = false;

const places = new Map();
for (const mark of form.querySelectorAll('input[type=hidden][name^="m/"]')) places.set(mark.name.slice(1), mark);

function values(place) {
  const inputs = [...form.elements].filter((one) => one.name === `v${place}`);
  const ticked = inputs.filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked);
  return ticked.map((one) => one.value);
}
const all = () => new Map([...places.keys()].map((place) => [place, JSON.stringify(values(place))]));
// What was kept on the server and is shown again is not saved yet.
let saved = "held" in form.dataset ? new Map() : all();
const unsaved = () => [...all()].filter(([place, words]) => words !== saved.get(place)).map(([place]) => place);

function say(words, { bad = false, link = null } = {}) {
  if (saying.textContent === words && !link) return;
  saying.replaceChildren(words);
  saying.classList.toggle("bad", bad);
  if (link) saying.append(" ", link);
}
function linkTo(address, words, { fresh = false } = {}) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = words;
  if (fresh) link.target = "_blank";
  return link;
}

// --- What is not saved yet is kept here, under the person's and the review's name.

function keep() {
  const touched = unsaved();
  if (touched.length) form.dataset.typed = "yes";
  else delete form.dataset.typed;
  try {
    if (!touched.length) {
      localStorage.removeItem(key);
      return true;
    }
    const typed = Object.fromEntries(touched.map((place) => [place, { values: values(place), mark: places.get(place).value }]));
    const names = Object.fromEntries([...form.querySelectorAll('input[name^="n/"]')].map((one) => [one.name, one.value]));
    localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), typed, names }));
    return true;
  } catch {
    return false;
  }
}

function put(place, texts) {
  for (const one of form.elements) {
    if (one.name !== `v${place}`) continue;
    if (["radio", "checkbox"].includes(one.type)) one.checked = texts.includes(one.value) || (one.type === "radio" && !texts.length && !one.value);
    else one.value = texts[0] ?? "";
  }
}

function offer() {
  let before = null;
  try { before = JSON.parse(localStorage.getItem(key)); } catch { /* unreadable: nothing to offer */ }
  if (!before) return;
  const differing = Object.entries(before.typed).filter(([place, one]) => !places.has(place) || JSON.stringify(one.values) !== JSON.stringify(values(place)));
  if (!differing.length) { localStorage.removeItem(key); return; }
  const box = document.createElement("section");
  box.className = "warning offer";
  box.id = "kept";
  const words = document.createElement("p");
  words.textContent = `保存されていない記入が、このブラウザに${differing.length}件残っています（${new Date(before.at).toLocaleString("ja-JP")}）。`;
  const back = document.createElement("button");
  const drop = document.createElement("button");
  for (const [button, title] of [[back, "記入を戻す"], [drop, "捨てる"]]) {
    button.type = "button";
    button.className = "btn out sm";
    button.textContent = title;
  }
  back.addEventListener("click", () => {
    for (const [place, one] of differing.filter(([place]) => places.has(place))) {
      put(place, one.values);
      places.get(place).value = one.mark; // so that another's save in between is told, and not overwritten
    }
    for (const [name, value] of Object.entries(before.names)) {
      const names = form.elements.namedItem(name);
      if (names) names.value = value;
    }
    const homeless = differing.filter(([place]) => !places.has(place));
    box.replaceChildren();
    if (homeless.length) {
      const said = document.createElement("p");
      said.textContent = "次の記入は、このページに欄がありません。要るものを書き写してください。";
      box.append(said);
      for (const [place, one] of homeless) {
        const text = document.createElement("textarea");
        text.setAttribute("aria-label", place);
        text.readOnly = true;
        text.value = one.values.join("\n");
        box.append(text);
      }
    } else box.remove();
    toggle();
    typed();
  });
  drop.addEventListener("click", () => { localStorage.removeItem(key); box.remove(); });
  box.append(words, back, " ", drop);
  form.before(box);
}

// --- Saving.

function typed() {
  if (stopped) return;
  const safe = keep();
  clearTimeout(waiting);
  if (!unsaved().length) return;
  say(safe ? "まだ保存していません" : "まだ保存していません（このブラウザには残せません）");
  waiting = setTimeout(save, SOON);
}

async function save() {
  if (sending || stopped) return;
  const touched = unsaved();
  if (!touched.length) return;
  if (touched.some((place) => values(place).some((text) => text.isWellFormed && !text.isWellFormed()))) {
    say("文字として書き表せない符号が含まれています。取り除いてください。", { bad: true });
    return;
  }
  sending = true;
  const sent = all();
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "do") body.append(name, value);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json", "x-by-itself": "yes" } });
    const told = (answer.headers.get("content-type") ?? "").startsWith("application/json") ? await answer.json() : null;
    if (told?.foreign || answer.status === 401) signedOut({ forGood: Boolean(told?.foreign) });
    else if (told && answer.status !== 503) await heard(answer.status, told, sent);
    else if (answer.status === 409) await signInAgain();
    else if (answer.status < 500) say(`保存できません（${answer.status}）。記入はこのブラウザに残っています。`, { bad: true });
    else later();
  } catch {
    later();
  } finally {
    sending = false;
  }
  if (!stopped && unsaved().length && !waiting) waiting = setTimeout(save, SOON);
}

function later() {
  const after = AGAIN[Math.min(tries, AGAIN.length - 1)];
  tries += 1;
  say("サーバーにつながりません。記入はこのブラウザに残っています。つながり次第、保存します。", { bad: true });
  clearTimeout(waiting);
  waiting = setTimeout(save, after);
}

async function heard(status, told, sent) {
  tries = 0;
  waiting = 0;
  if (told.message) {
    say(`保存できません。${told.message}${told.remedy}`, { bad: true });
    return;
  }
  for (const [place, mark] of Object.entries(told.marks)) {
    if (places.has(place)) places.get(place).value = mark;
    saved.set(place, sent.get(place));
  }
  if (status === 200) for (const [place, words] of sent) saved.set(place, words);
  for (const [place, names] of Object.entries(told.names)) {
    const hidden = form.elements.namedItem(`n${place}`);
    if (hidden) hidden.value = JSON.stringify(names);
  }
  keep();
  errors(told);
  if (told.collisions || told.lost) {
    stopped = true;
    const look = document.createElement("button");
    look.type = "submit";
    look.className = "btn sm";
    look.textContent = "違いを見て選ぶ";
    say(`${told.by}さんが${told.by_at}に同じ項目を保存しました。`, { bad: true, link: look });
  } else if (status === 422) {
    say("文字として保存できないものがあります。示された項目を直してください。", { bad: true });
  } else {
    const others = told.taken ? `（${told.by}さんが変えた${told.taken}件も残しました。` : "";
    say(`保存しました ${told.at}${others}`, told.taken ? { link: linkTo(location.href, "開き直して見る）") } : {});
  }
}

// The sign-in is over, or another person's: the page goes as soon as the server says so, with what was typed kept.
function signedOut({ forGood }) {
  stopped = forGood;
  say("サインインが切れました。記入は、あなたのために預かります。", { bad: true });
  waiting = forGood ? 0 : setTimeout(save, AGAIN[1]);
  dispatchEvent(new Event("minaoshi-ask"));
}

// The same person has signed in anew elsewhere: the page takes up the new sign-in.
async function signInAgain() {
  try {
    const answer = await fetch(location.href, { headers: { "x-by-itself": "yes" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const own = page.querySelector("form[data-editor]");
    if (own && own.dataset.editor === form.dataset.editor) {
      form.elements.namedItem("form_token").value = own.elements.namedItem("form_token").value;
      waiting = setTimeout(save, 0);
      return;
    }
  } catch { later(); return; }
  signedOut({ forGood: false });
}

function errors(told) {
  const by = new Map();
  for (const one of told.wrong) by.set(one.at, [...(by.get(one.at) ?? []), one.message]);
  for (const [place, words] of Object.entries(told.refused)) by.set(place, [words, ...(by.get(place) ?? [])]);
  for (const notes of form.querySelectorAll(".notes")) {
    const place = notes.id.slice(1);
    for (const old of notes.querySelectorAll(".wrong")) old.remove();
    const lines = (by.get(place) ?? []).map((words) => {
      const line = document.createElement("p");
      line.className = "wrong";
      line.textContent = words;
      return line;
    });
    notes.prepend(...lines);
    notes.closest(".field")?.classList.toggle("wrong", lines.length > 0);
  }
  const summary = document.querySelector("#found .summary");
  if (!told.wrong.length) { summary?.remove(); return; }
  const section = summary ?? document.createElement("section");
  section.className = "summary";
  const title = document.createElement("h2");
  title.textContent = `この区分の誤り（${told.wrong.length}件）`;
  const list = document.createElement("ul");
  for (const one of told.wrong) {
    const line = document.createElement("li");
    line.append(linkTo(`#f${one.at}`, one.item), `: ${one.message}`);
    list.append(line);
  }
  section.replaceChildren(title, list);
  if (!summary) document.getElementById("found").prepend(section);
}

// --- What an answer leaves out is put out of sight, unless something is written there.

function toggle() {
  for (const part of form.querySelectorAll("[data-barred-by]")) {
    const answer = values(part.dataset.barredBy)[0] ?? "";
    const barred = part.dataset.barredWhen.split(" ").includes(answer);
    const within = [...places.keys()].filter((place) => place === part.dataset.at || place.startsWith(`${part.dataset.at}/`));
    part.hidden = barred && within.every((place) => !values(place).join(""));
  }
}

form.addEventListener("input", typed);
form.addEventListener("change", () => { toggle(); typed(); });
addEventListener("online", save);
addEventListener("visibilitychange", () => { if (document.hidden) save(); });
addEventListener("beforeunload", (event) => { if (!form.dataset.sent && unsaved().length) event.preventDefault(); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
form.addEventListener("submit", () => { clearTimeout(waiting); keep(); });
toggle();
offer();
if ("held" in form.dataset) typed();
