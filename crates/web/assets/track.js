// The page of one order looks after itself while somebody looks at it: once a minute it asks for its own content, and shows what is
// new without moving what is being written. Without this file the link "Reload" does the same.

const MINUTE = 60_000;
const main = document.getElementById("main");
let last = "";

// What is open or being written stays as it is.
const isBusy = () => main.querySelector("details[open]") !== null || document.activeElement?.matches("#main :is(input,textarea,summary)");

// The hour at which it was asked for is no news.
const withoutHour = (text) => text.replace(/<small class="mut">[^<]*<\/small>/g, "");

async function look() {
  if (document.hidden || isBusy()) return;
  try {
    const address = new URL(location.href);
    address.search = "";
    address.searchParams.set("lang", document.documentElement.lang);
    const answer = await fetch(address, { headers: { "hx-request-type": "partial" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const text = await answer.text();
    if (withoutHour(text) === last || isBusy()) return;
    last = withoutHour(text);
    main.innerHTML = text;
  } catch {
    // No network now; the next minute tries again.
  }
}

setInterval(look, MINUTE);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});
