// Search everywhere, over any page: what is typed is looked for by the server, arrows choose, Enter goes. Loaded the first time that it opens.

const texts = document.querySelector('#shell-texts').dataset;
const RECENT = 'kafila-recent';
let dialog, input, list, note, active = -1, timer, asked;

function build() {
  const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: texts.sheet });
  const ready = new Promise(done => { sheet.onload = sheet.onerror = done; });
  document.head.append(sheet);
  const box = document.querySelector('form.find input');
  dialog = Object.assign(document.createElement('dialog'), { className: 'palette' });
  dialog.setAttribute('aria-label', box.placeholder);
  const head = document.createElement('header');
  input = Object.assign(document.createElement('input'), { type: 'text', placeholder: box.placeholder, autocomplete: 'off', spellcheck: false, dir: 'auto', enterKeyHint: 'go' });
  const state = { role: 'combobox', 'aria-label': box.placeholder, 'aria-expanded': 'true', 'aria-controls': 'palette-list', 'aria-autocomplete': 'list' };
  for (const [name, value] of Object.entries(state)) input.setAttribute(name, value);
  const close = Object.assign(document.createElement('button'), { type: 'button', className: 'btn ghost icon' });
  close.setAttribute('aria-label', texts.close);
  close.append(document.querySelector('#keys header .i').cloneNode(true));
  close.onclick = () => dialog.close();
  head.append(document.querySelector('form.find .i').cloneNode(true), input, close);
  list = Object.assign(document.createElement('div'), { id: 'palette-list' });
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', box.placeholder);
  note = Object.assign(document.createElement('div'), { className: 'void', hidden: true });
  note.setAttribute('role', 'status');
  dialog.append(head, list, note);
  document.body.append(dialog);

  input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(look, input.value.trim() ? 160 : 0); });
  input.addEventListener('keydown', event => {
    const options = all();
    if (event.isComposing || !options.length) return;
    const moves = { ArrowDown: active + 1, ArrowUp: active - 1, Home: event.ctrlKey ? 0 : null, End: event.ctrlKey ? options.length - 1 : null };
    if (moves[event.key] != null) {
      event.preventDefault();
      choose((moves[event.key] + options.length) % options.length);
    } else if (event.key === 'Enter' && options[active]) {
      event.preventDefault();
      go(options[active], event.ctrlKey || event.metaKey);
    }
  });
  list.addEventListener('click', event => {
    const option = event.target.closest('[role=option]');
    if (!option) return;
    event.preventDefault();
    go(option, event.ctrlKey || event.metaKey);
  });
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
  return ready;
}

const all = () => [...list.querySelectorAll('[role=option]')];

function choose(place) {
  const options = all();
  active = place;
  options.forEach((option, at) => option.setAttribute('aria-selected', at === place));
  const option = options[place];
  if (option) {
    input.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  } else input.removeAttribute('aria-activedescendant');
}

function go(option, beside) {
  if (option.dataset.presses) {
    dialog.close();
    document.querySelector(option.dataset.presses)?.click();
    return;
  }
  if (beside) { open(option.href); return; }
  dialog.close();
  location.assign(option.href);
}

async function look() {
  asked?.abort();
  asked = new AbortController();
  const text = input.value.trim();
  list.classList.add('busy');
  try {
    const answer = await fetch('/app/search?q=' + encodeURIComponent(text), { headers: { 'HX-Request-Type': 'partial' }, redirect: 'manual', signal: asked.signal });
    if (answer.type === 'opaqueredirect') { dialog.close(); document.querySelector('#session').showModal(); return; }
    if (!answer.ok) throw new Error(answer.status);
    list.innerHTML = await answer.text();
    if (!text) recent();
    const count = all().length;
    say(!count && texts.none, texts.hint);
    choose(count ? 0 : -1);
  } catch (error) {
    if (error.name === 'AbortError') return;
    list.replaceChildren();
    say(texts.failed, '');
    choose(-1);
  }
  list.classList.remove('busy');
}

// What stands there instead of a list.
function say(title, text) {
  note.hidden = !title;
  list.hidden = !!title;
  note.replaceChildren();
  if (title) note.append(Object.assign(document.createElement('b'), { textContent: title }), Object.assign(document.createElement('p'), { textContent: text }));
}

// Pages that this tab has shown, the newest first; they go with the tab and with logging out.
function recent() {
  let pages = [];
  try { pages = JSON.parse(sessionStorage.getItem(RECENT)) ?? []; } catch { /* nothing is kept then */ }
  pages = pages.filter(page => page.href !== location.pathname).slice(0, 5);
  if (!pages.length) return;
  const group = document.createElement('div');
  group.setAttribute('role', 'group');
  group.setAttribute('aria-labelledby', 'palette-recent');
  group.append(Object.assign(document.createElement('span'), { className: 'cap', id: 'palette-recent', textContent: texts.recent }));
  pages.forEach((page, place) => {
    const option = Object.assign(document.createElement('a'), { href: page.href, id: 'palette-recent-' + place, tabIndex: -1 });
    option.setAttribute('role', 'option');
    option.setAttribute('aria-selected', 'false');
    const name = document.createElement('b');
    name.append(Object.assign(document.createElement('bdi'), { textContent: page.title }));
    option.append(name);
    group.append(option);
  });
  list.prepend(group);
}

export async function show(text, isOld) {
  if (!dialog) await build();
  if (dialog.open) { input.select(); return; }
  const opener = document.activeElement;
  dialog.addEventListener('close', () => opener?.focus?.(), { once: true });
  input.value = text;
  dialog.showModal();
  // What stood in the box before is replaced by typing, what was typed while this script came is gone on with.
  if (isOld) input.select();
  look();
}
