// One order and a new one: what HTML cannot do alone. Every form works without this file.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// ---- the place in the list that somebody came from: kafila.js keeps the list's ids for this tab
const seq = $('[data-seq]');
if (seq) {
  let list;
  try { list = JSON.parse(sessionStorage.getItem('kafila-list')); } catch { list = null; }
  const at = list?.ids?.indexOf($('[data-stream]')?.dataset.order) ?? -1;
  if (at >= 0) {
    for (const [selector, id] of [['[data-prev]', list.ids[at - 1]], ['[data-next]', list.ids[at + 1]]]) {
      const link = $(selector, seq);
      if (id) link.href = '/app/orders/' + id;
      else { link.setAttribute('role', 'link'); link.setAttribute('aria-disabled', 'true'); }
    }
    $('[data-place]', seq).textContent = `${at + 1} / ${list.ids.length}`;
    seq.hidden = false;
  }
}

// ---- a desk: a form whose parts the server works out anew while somebody types. Parts name themselves by data-part; the one that is
// being typed in stays as it is.
const desk = $('form[data-desk]');
let last = 0, waits;
async function again(submitter) {
  const mine = ++last;
  const body = new URLSearchParams(new FormData(desk));
  if (submitter?.name) body.set(submitter.name, submitter.value); else body.set('do', 'look');
  desk.classList.add('loading');
  try {
    const answer = await fetch(desk.action, { method: 'POST', body, headers: { 'HX-Request-Type': 'partial' } });
    if (mine !== last) return;
    if (answer.redirected || !answer.headers.get('content-type')?.startsWith('text/html')) { location.reload(); return; }
    put(await answer.text(), Boolean(submitter?.name));
  } catch {
    // What was typed is still there; the next change tries again.
  } finally {
    if (mine === last) desk.classList.remove('loading');
  }
}
function put(text, whole) {
  const holder = document.createElement('template');
  holder.innerHTML = text;
  const had = document.activeElement?.id;
  for (const part of $$('[data-part]', holder.content)) {
    const old = document.getElementById(part.id);
    if (!old || (!whole && old.contains(document.activeElement) && part.dataset.part !== 'always')) continue;
    old.replaceWith(part);
  }
  const focus = whole ? $('[data-focus]', desk) ?? document.getElementById(had) : document.getElementById(had);
  if (focus && document.activeElement !== focus) focus.focus();
}
if (desk) {
  desk.addEventListener('input', event => {
    if (!event.target.closest('[data-look]')) return;
    clearTimeout(waits);
    waits = setTimeout(again, 350);
  });
  desk.addEventListener('change', event => {
    if (event.target.closest('[data-look]')) return;
    clearTimeout(waits);
    waits = setTimeout(again, 60);
  });
  // What only changes the form does not leave the page; what saves does.
  desk.addEventListener('submit', event => {
    const button = event.submitter;
    if (button && !button.hasAttribute('data-stay')) return;
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(waits);
    again(button?.name ? button : null);
  });
  desk.addEventListener('keydown', event => {
    const { key, target } = event;
    if (key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      $('[data-place-order]', desk)?.click();
      return;
    }
    // Arrow keys go through what was found and back to the field.
    const rows = $$('.found button', desk);
    if (target.matches('[data-finds]') && key === 'Enter') {
      event.preventDefault();
      if (rows.length) rows[0].click(); else { clearTimeout(waits); again(); }
    }
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return;
    const at = rows.indexOf(target);
    if (!target.matches('[data-finds]') && at < 0) return;
    event.preventDefault();
    const to = at + (key === 'ArrowDown' ? 1 : -1);
    (to < 0 ? $('[data-finds]', desk) : rows[Math.min(to, rows.length - 1)])?.focus();
  });
}
