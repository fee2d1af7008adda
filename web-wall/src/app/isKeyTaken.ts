/** Keys belong to a field, a menu, a dialog or a button that has the focus before they belong to a page. */
export function isKeyTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.target.closest('input, select, textarea, [role="menu"], dialog')) return true;
  return (event.key === ' ' || event.key === 'Enter') && event.target.closest('button, a, summary') !== null;
}
