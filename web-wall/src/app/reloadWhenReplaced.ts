const KEY = 'mingjing.reloadedAt';
const AT_MOST_EVERY_MS = 60_000;

/**
 * A wall stays open for weeks. When the centre was upgraded meanwhile, the parts that this page has not loaded
 * yet are gone under their old names: the page is loaded anew, once; if that does not help, the error stands.
 */
export function reloadWhenReplaced(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last < AT_MOST_EVERY_MS) return;
    event.preventDefault();
    sessionStorage.setItem(KEY, String(Date.now()));
    window.location.reload();
  });
}
