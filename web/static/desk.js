// 共用の机: the server alone knows how long the sign-in goes on. This page asks it, which is no use of the sign-in, and
// says so when somebody has done something. At the end it keeps what was typed for its person and goes.

const token = document.querySelector("header.site input[name=form_token]").value;
const main = document.getElementById("main");
const covered = document.getElementById("covered");
const dialog = document.getElementById("idle");
const says = document.getElementById("idle-left");
const OFTEN = 30; // seconds
let active = false;
let timer = 0;
let endsAt = Infinity;
let leaving = false;
let asking = false;
let isFinal = false;
let finalSeen = false;

async function ask() {
  if (asking || leaving) return;
  asking = true;
  clearTimeout(timer);
  const body = new URLSearchParams({ form_token: token });
  if (active) body.append("seen", "yes");
  active = false;
  let told = null;
  try {
    const answer = await fetch("/session", { method: "POST", body, headers: { "x-by-itself": "yes" }, cache: "no-store" });
    if (answer.ok) told = await answer.json();
  } catch { /* asked again */ }
  asking = false;
  if (told === null) return unreachable(body.has("seen"));
  if (told.state !== "open") return leave(told.state);
  endsAt = Date.now() + told.left * 1000;
  cover(false);
  if (told.left > told.warning) {
    if (dialog.open) dialog.close();
    again(Math.min(told.left - told.warning, Math.max(told.warning / 4, 0.5), OFTEN));
  } else {
    warn(told);
    again(Math.min(Math.max(told.left, 0.2), Math.max(told.warning / 24, 0.5)));
  }
}

function again(seconds) {
  timer = setTimeout(ask, seconds * 1000 + 100);
}

// Nobody can say whether it goes on: after the last known end nothing is shown.
function unreachable(seen) {
  active ||= seen;
  if (Date.now() > endsAt) cover(true);
  again(5);
}

function cover(hides) {
  main.hidden = hides;
  covered.hidden = !hides;
}

function warn({ left, final }) {
  isFinal = final;
  if (final && finalSeen) return; // nothing puts it off: the person uses what is left
  for (const part of dialog.querySelectorAll("[data-why]")) part.hidden = (part.dataset.why === "final") !== final;
  if (!dialog.open) dialog.showModal();
  // Said anew every half a minute, not every second.
  const words = `あと約${left > 90 ? "2分" : left > 60 ? "1分30秒" : left > 30 ? "1分" : "30秒"}でサインアウトします。`;
  if (says.textContent !== words) says.textContent = words;
}

function goOn() {
  active = true;
  finalSeen ||= isFinal;
  if (dialog.open) dialog.close();
  ask();
}

// --- At the end.

async function leave(why) {
  leaving = true;
  cover(true);
  const forms = [...document.querySelectorAll("form[data-keep], form[data-editor]")];
  const typed = forms.filter((form) => (form.dataset.typed || "held" in form.dataset) && !form.dataset.sent);
  const kept = await Promise.all(typed.map(keep));
  for (const form of forms) form.dataset.sent = "yes"; // it is not left by mistake
  if (!kept.includes(false)) forgetHere();
  location.replace(`/sign-in?ended=${why}${kept.length ? `&kept=${kept.includes(false) ? "no" : "yes"}` : ""}`);
}

async function keep(form) {
  const body = new FormData();
  let files = false;
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") body.append(name, value);
    else files ||= value.size > 0;
  }
  body.append("kept_address", new URL(form.getAttribute("action") ?? location.href, location.href).pathname);
  if (files) body.append("kept_files", "yes");
  try {
    return (await fetch("/session/keep", { method: "POST", body, headers: { "x-by-itself": "yes" } })).ok;
  } catch {
    return false;
  }
}

// What the editor kept in this browser is with the server now.
function forgetHere() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("minaoshi ")) localStorage.removeItem(key);
  } catch { /* nothing can be kept in this browser */ }
}

// --- What the person does.

for (const kind of ["input", "keydown", "pointerdown", "wheel", "touchmove"]) {
  addEventListener(kind, () => { if (!dialog.open) active = true; }, { capture: true, passive: true });
}
document.getElementById("idle-go-on").addEventListener("click", goOn);
dialog.addEventListener("cancel", (event) => { event.preventDefault(); goOn(); });
addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
addEventListener("minaoshi-ask", ask);

// A page that the browser had put aside is shown when the server says that it is still its person's.
addEventListener("pagehide", () => { if (!leaving) cover(true); });
addEventListener("pageshow", (event) => { if (event.persisted) ask(); else cover(false); });
ask();
