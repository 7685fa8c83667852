// 待つもの: asks how far the work is, and goes on when it is done. Without a script the page comes again by itself.
const place = document.querySelector("[data-waiting]");
if (place) {
  const asking = setInterval(async () => {
    try {
      const answer = await fetch(place.dataset.waiting, { headers: { accept: "text/plain", "x-by-itself": "yes" }, cache: "no-store" });
      const state = answer.ok ? await answer.text() : "done";
      if (state === "done") {
        clearInterval(asking);
        location.reload();
      } else if (place.textContent !== state) {
        place.textContent = state;
      }
    } catch { /* asked again in a second */ }
  }, 1000);
}
