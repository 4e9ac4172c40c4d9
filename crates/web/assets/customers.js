// Work that goes on behind a customer's page is looked at again every two seconds, and its card alone is replaced.

const PAUSE = 2000;

function watch(card) {
  const url = card?.dataset.again;
  if (url) setTimeout(() => look(card, url), PAUSE);
}
async function look(card, url) {
  if (!card.isConnected) return;
  if (document.hidden) return watch(card);
  let text = '';
  try {
    const answer = await fetch(url, card.id ? { headers: { 'HX-Request-Type': 'partial' } } : {});
    if (answer.ok) text = await answer.text();
  } catch { /* the next look may reach the server */ }
  const found = new DOMParser().parseFromString(text, 'text/html').querySelector(card.id ? '#' + card.id : '[role=status].banner:not(.offline)');
  if (!found) return watch(card);
  if (found.innerHTML !== card.innerHTML) card.replaceWith(found);
  watch(found.isConnected ? found : card);
}
for (const card of document.querySelectorAll('[data-again]')) watch(card);
