// 使いやすくするもの: everything works without it. A form is sent once, what was typed is not left by mistake,
// and a page that is out of date says so.

const summary = document.getElementById("failure");
// After the browser has gone to the part of the page that the address names.
if (summary) addEventListener("load", () => setTimeout(() => summary.focus(), 0));

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    // What is answered with a file leaves the page as it is.
    if (event.submitter?.hasAttribute("data-file")) return;
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button[type=submit]")) {
      setTimeout(() => { button.disabled = true; button.setAttribute("aria-disabled", "true"); }, 0);
    }
  });
}

// The browser shows a page again as it was left, with its buttons: they are to be pressed again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[type=submit]")) {
      button.disabled = false;
      button.removeAttribute("aria-disabled");
    }
  }
});

const kept = [...document.querySelectorAll("form[data-keep]")];
for (const form of kept) form.addEventListener("input", () => { form.dataset.typed = "yes"; });
addEventListener("beforeunload", (event) => {
  if (kept.some((form) => form.dataset.typed && !form.dataset.sent)) event.preventDefault();
});

// <body> or any part with data-state="…" data-state-at="/address": the address answers with the present state.
const watched = document.querySelector("[data-state-at]");
async function isStillSo() {
  if (document.hidden) return;
  try {
    const answer = await fetch(watched.dataset.stateAt, { headers: { accept: "text/plain", "x-by-itself": "yes" }, cache: "no-store" });
    if (!answer.ok || (await answer.text()) === watched.dataset.state) return;
  } catch { return; }
  clearInterval(asking);
  const words = document.createElement("p");
  words.className = "warning";
  words.setAttribute("role", "status");
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "開き直す";
  words.append("このページを開いた後に、状態が変わりました。", link);
  document.getElementById("main").prepend(words);
}
const asking = watched ? setInterval(isStillSo, 20000) : 0;
if (watched) addEventListener("visibilitychange", isStillSo);
