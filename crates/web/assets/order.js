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

// ---- who else looks at this order: this page says so while somebody looks at it, and hears who else does
const here = $('[data-here]');
if (here) {
  const fresh = () => crypto.getRandomValues(new Uint32Array(1))[0];
  let page = fresh();
  const says = at => new URLSearchParams({ csrf: $('meta[name=csrf]').content, page, at, note: here.dataset.note });
  const id = here.dataset.here.split('/')[3];
  let beat, soon;
  const say = async () => {
    clearTimeout(beat);
    clearTimeout(soon);
    soon = null;
    if (document.hidden) return;
    beat = setTimeout(say, 12000);
    try {
      const answer = await fetch(here.dataset.here, { method: 'POST', body: says(here.dataset.at), redirect: 'manual', headers: { 'HX-Request-Type': 'partial' } });
      if (!answer.ok) return;
      const text = (await answer.text()).trim();
      if (text !== here.dataset.was) here.innerHTML = here.dataset.was = text;
    } catch {
      // The next beat tries again; without one the others see after half a minute that nobody is here.
    }
  };
  document.addEventListener('visibilitychange', say);
  addEventListener('pageshow', event => {
    if (!event.persisted) return;
    // Nothing counts any more of a page that said it was gone.
    page = fresh();
    say();
  });
  addEventListener('pagehide', () => { clearTimeout(beat); navigator.sendBeacon(here.dataset.here, says('gone')); });
  $('[data-stream]')?.addEventListener('change', event => {
    const change = JSON.parse(event.detail.data);
    if (change.id === id && ['presence', 'order'].includes(change.topic)) soon ??= setTimeout(say, 300);
  });
  say();
}

// ---- a step of the menu that asks something opens where it stands
document.addEventListener('click', event => {
  const link = event.target.closest('a[data-unfold]');
  const fold = link && $(link.getAttribute('href'))?.closest('details');
  if (!fold) return;
  event.preventDefault();
  event.stopPropagation();
  link.closest('details').open = false;
  fold.open = true;
  $(link.getAttribute('href')).focus();
}, true);

// ---- what opens to ask something is answered without another key
document.addEventListener('toggle', event => {
  if (event.target.matches?.('[data-enter]') && event.target.open) $('select,input:not([type=hidden])', event.target)?.focus();
}, true);

// ---- a note names colleagues: after an @ those whose name fits are offered
const text = $('textarea[data-mentions]');
if (text) {
  let people, list, at = 0;
  const fold = word => word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  // What stands between the last @ and the caret.
  const begun = () => /(?:^|[^\p{L}\p{N}])@([^@\n]{0,40})$/u.exec(text.value.slice(0, text.selectionStart))?.[1];
  const close = () => {
    list?.remove();
    list = null;
    for (const name of ['aria-controls', 'aria-activedescendant', 'aria-autocomplete']) text.removeAttribute(name);
  };
  const choose = to => {
    const rows = $$('li', list);
    at = (to + rows.length) % rows.length;
    rows.forEach((row, index) => row.setAttribute('aria-selected', index === at));
    rows[at].scrollIntoView({ block: 'nearest' });
    text.setAttribute('aria-activedescendant', rows[at].id);
  };
  const take = row => {
    const word = begun() ?? '';
    const end = text.selectionStart;
    text.setRangeText('@' + row.textContent + ' ', end - word.length - 1, end, 'end');
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name: 'mention', value: row.dataset.id });
    field.dataset.name = '@' + row.textContent;
    text.form.append(field);
    close();
    text.focus();
    text.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const offer = async () => {
    const word = begun();
    if (word === undefined) return close();
    people ??= fetch(text.dataset.mentions).then(answer => answer.ok ? answer.json() : { items: [] }, () => ({ items: [] }));
    const { items } = await people;
    if (begun() !== word) return;
    const wanted = fold(word);
    const fitting = items.filter(one => fold(one.name).split(/\s+/).some((_, index, words) => words.slice(index).join(' ').startsWith(wanted))).slice(0, 8);
    close();
    if (!fitting.length) return;
    list = Object.assign(document.createElement('ul'), { className: 'names', id: 'names' });
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', text.dataset.label);
    fitting.forEach((one, index) => {
      const row = Object.assign(document.createElement('li'), { id: 'name-' + index, textContent: one.name, dir: 'auto' });
      row.setAttribute('role', 'option');
      row.dataset.id = one.id;
      list.append(row);
    });
    text.after(list);
    text.setAttribute('aria-controls', 'names');
    text.setAttribute('aria-autocomplete', 'list');
    choose(0);
  };
  text.addEventListener('input', offer);
  text.addEventListener('click', offer);
  text.addEventListener('blur', () => setTimeout(close, 150));
  text.addEventListener('keydown', event => {
    if (!list) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) choose(at + steps[event.key]);
    else if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === 'Tab') take($$('li', list)[at]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  text.closest('.flow').addEventListener('pointerdown', event => {
    const row = event.target.closest('.names li');
    if (!row) return;
    event.preventDefault();
    take(row);
  });
  // Who was picked and then written out of the text is not named; a note that the customer may read names nobody.
  text.form.addEventListener('submit', () => {
    for (const field of $$('input[name=mention]', text.form)) if (!text.value.includes(field.dataset.name)) field.remove();
  });
}
