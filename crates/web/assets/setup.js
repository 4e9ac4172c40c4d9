// The set-up: a choice that shows at once, work that is looked after until it ends, a file into its field.

const poll = async region => {
  try {
    const answer = await fetch(region.dataset.poll, { headers: { 'HX-Request-Type': 'partial' } });
    if (!answer.ok) return;
    const holder = document.createElement('template');
    holder.innerHTML = await answer.text();
    const next = holder.content.firstElementChild;
    region.replaceWith(next);
    region = next;
  } catch {
    // The network comes and goes; the next look may reach the server.
  }
  if (region.dataset.poll) setTimeout(() => poll(region), 1500);
};
for (const region of document.querySelectorAll('[data-poll]')) setTimeout(() => poll(region), 1000);

document.addEventListener('change', async event => {
  const { target } = event;
  if (target.matches('[data-auto]')) target.form.requestSubmit();
  const into = target.closest('[data-file-into]');
  if (into && target.files[0]) document.getElementById(into.dataset.fileInto).value = await target.files[0].text();
});
document.querySelector('.sides [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
for (const chooser of document.querySelectorAll('[data-file-into]')) chooser.hidden = false;
for (const element of document.querySelectorAll('[data-auto]')) element.form.querySelector('button')?.setAttribute('hidden', '');
