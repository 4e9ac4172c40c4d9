// The page of one order looks after itself while somebody looks at it: each half minute it asks for its own content, and shows what is
// new without moving what is being written. Without this file the link "Reload" does the same.

const PAUSE = 30_000;
const main = document.getElementById("main");
const heard = document.getElementById("heard");
let last = "";

// Somebody writes, or has begun to.
const isTyping = () => document.activeElement?.matches("#main :is(input,textarea,select)")
  || [...main.querySelectorAll("textarea")].some((one) => one.value !== one.defaultValue)
  || [...main.querySelectorAll("input[type=radio]")].some((one) => one.checked !== one.defaultChecked);

// The hour at which it was asked for is no news.
const withoutHour = (text) => text.replace(/<small class="mut">[^<]*<\/small>/g, "");
const headline = () => [...main.querySelectorAll("h1,.eta")].map((one) => one.textContent.trim()).join(". ");

function put(text) {
  const was = headline();
  const opened = [...main.querySelectorAll("details")].map((one) => one.open);
  // Whoever goes by keyboard stays where they are.
  const focus = main.contains(document.activeElement) ? [...main.querySelectorAll("a,button,summary")].indexOf(document.activeElement) : -1;
  main.innerHTML = text;
  main.querySelectorAll("details").forEach((one, at) => { one.open = opened[at] ?? one.open; });
  if (focus >= 0) main.querySelectorAll("a,button,summary")[focus]?.focus({ preventScroll: true });
  if (headline() !== was) heard.textContent = headline();
}

async function look() {
  if (document.hidden || isTyping()) return;
  try {
    const address = new URL(location.href);
    address.search = "";
    address.searchParams.set("lang", document.documentElement.lang);
    const answer = await fetch(address, { headers: { "hx-request-type": "partial" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const text = await answer.text();
    if (withoutHour(text) === last || isTyping()) return;
    last = withoutHour(text);
    put(text);
  } catch {
    // No network now; the next time tries again.
  }
}

setInterval(look, PAUSE);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});
