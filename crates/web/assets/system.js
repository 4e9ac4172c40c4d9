// Small things that make forms of imports, jobs, logs and the audit trail faster; all of them work without this file.

// A choice sends its form by itself; the button for it is only for those without script.
for (const button of document.querySelectorAll('[data-hide]')) button.hidden = true;
// What came with a part of the page and only works with script appears with it.
document.addEventListener('htmx:after:swap', () => {
  for (const one of document.querySelectorAll('[data-copy],[data-close]')) one.hidden = false;
});
document.addEventListener('change', event => {
  const form = event.target.closest?.('[data-submit]');
  if (form && event.target.matches('select,input[type=date]')) form.requestSubmit();
});
// What says nothing does not belong into the address.
document.addEventListener('submit', event => {
  if (!event.target.matches('[data-submit]')) return;
  for (const one of event.target.elements) if (one.name && one.value === '') one.disabled = true;
});
addEventListener('pageshow', () => {
  for (const one of document.querySelectorAll('[data-submit] :disabled')) one.disabled = false;
});

// A file dropped on the field is the chosen one, and is named.
for (const form of document.querySelectorAll('[data-drop]')) {
  const [field, label, name] = ['input[type=file]', '.drop', '[data-name]'].map(selector => form.querySelector(selector));
  const empty = name.textContent;
  label.classList.add('wired');
  field.addEventListener('change', () => { name.textContent = field.files[0]?.name ?? empty; });
  for (const kind of ['dragenter', 'dragover']) label.addEventListener(kind, () => label.classList.add('over'));
  for (const kind of ['dragleave', 'drop']) label.addEventListener(kind, () => label.classList.remove('over'));
}
